import { Bans, banDefaults, type Ban, type BanStore } from '../../src/policy/bans.ts'
import { systemClock } from '../../src/core/clock.ts'
import { inWords } from '../numbers.ts'
import type { Sample, Workload } from '../workload.ts'

const networks = 10_000
const lookUps = 200_000

/** How long it takes to know whether somebody is banned; no server has a part in it. */
export const bans: Workload = {
  name: 'bans',
  about: () => `is an address banned, with ${networks} banned networks of five sizes and both families`,
  parts: ['of IPv4, banned', 'of IPv4, free', 'of IPv6, banned', 'of IPv6, free'].map((name) => ({
    name,
    unit: 'µs',
    better: 'lower',
  })),
  rounds: 5,
  warmups: 2,
  ours: true,
  prepare: () => {},
  async measure() {
    const all = Array.from({ length: networks }, (_, at) => networkAt(at))
    const known = new Bans(systemClock, keeping(all), banDefaults, () => undefined)
    const timed = (addressAt: (at: number) => string, banned: boolean): Sample => {
      const asked = Array.from({ length: lookUps }, (_, at) => addressAt(at))
      const start = performance.now()
      let found = 0
      for (const address of asked) if (known.of(address) !== undefined) found += 1
      const took = performance.now() - start
      if (found !== (banned ? lookUps : 0)) throw new Error(`${found} of ${lookUps} are banned`)
      return { value: (took * 1000) / lookUps }
    }
    return {
      'of IPv4, banned': timed((at) => `10.${at % 250}.${at % 39}.7`, true),
      'of IPv4, free': timed((at) => `192.0.${at % 250}.${at % 199}`, false),
      'of IPv6, banned': timed(
        (at) => `2001:db8:${(at % 250).toString(16)}:7::${(at % 99).toString(16)}`,
        true,
      ),
      'of IPv6, free': timed((at) => `2001:db9:${(at % 250).toString(16)}::${(at % 99).toString(16)}`, false),
    }
  },
  goal: (standing) => {
    const slowest = Math.max(...bans.parts.map(({ name }) => standing.ours(name) ?? 0))
    return { text: 'less than 2 µs', figure: `${inWords(slowest)} µs`, reached: slowest < 2 }
  },
}

/** /16, /24 and /32 of 10.0.0.0/8, /48 and /64 of 2001:db8::/32. */
function networkAt(at: number): string {
  const [high, low] = [at % 250, Math.floor(at / 250)]
  switch (low % 4) {
    case 0:
      return low === 0 ? `10.${high}.0.0/16` : `11.${high}.${low}.0/24`
    case 1:
      return `12.${high}.${low}.9`
    case 2:
      return low === 2 ? `2001:db8:${high.toString(16)}::/48` : `2001:dba:${high.toString(16)}:${low}::/64`
    default:
      return `13.${high}.${low}.0/24`
  }
}

const nothing = (): void => undefined

function keeping(all: readonly string[]): BanStore {
  const held = all.map((network): Ban => ({ network, ends: undefined, reason: 'bench' }))
  return {
    bans: () => held,
    scores: () => [],
    putBan: nothing,
    removeBan: nothing,
    putScore: nothing,
    removeScore: nothing,
  }
}
