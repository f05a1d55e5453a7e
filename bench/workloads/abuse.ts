import { setTimeout as sleep } from 'node:timers/promises'
import type { AbuseDeed } from '../load/abuse.ts'
import { Load } from '../load/load.ts'
import type { Noticed } from '../load/notice.ts'
import { inWords } from '../numbers.ts'
import { memory } from '../processes.ts'
import type { Running } from '../running.ts'
import type { Part, Sample, Samples, Stage, Workload } from '../workload.ts'

const attacks = ['crowd', 'slow', 'spray'] as const

/** How many connections each makes at once; a server that forks for each is spared the ten thousand. */
function countOf(attack: AbuseDeed['attack'], server: string, crowd: number): number {
  if (attack !== 'crowd') return Math.min(1000, crowd)
  return server.startsWith('ferry') ? crowd : Math.min(2000, crowd)
}

const stood = (attack: string): string => `${attack}: connections at once`

const parts: readonly Part[] = ['calm', ...attacks].flatMap((name) => [
  { name: `${name}: login, median`, unit: 'ms', better: 'lower' },
  { name: `${name}: login, 99 %`, unit: 'ms', better: 'lower' },
  { name: `${name}: command, median`, unit: 'ms', better: 'lower' },
  { name: `${name}: command, 99 %`, unit: 'ms', better: 'lower' },
  { name: `${name}: failed`, unit: '%', better: 'lower' },
  { name: `${name}: memory`, unit: 'MiB', better: 'lower' },
  ...(name === 'calm' ? [] : [{ name: stood(name), unit: '', better: 'higher' } as const]),
])

/** What others notice of an attack: how long a login and a command of theirs take, before it and meanwhile. */
export const abuse: Workload = {
  name: 'abuse',
  about: ({ crowd }) =>
    `somebody else's logins and commands, calm and while there are ${crowd} silent connections (2000 where each is a process), 1000 slow logins, 1000 who guess passwords from 1000 addresses`,
  parts,
  rounds: 2,
  warmups: 0,
  prepare: () => {},
  async measure(stage) {
    const attacker = new Load()
    const server = await stage.fresh()
    try {
      const samples: Record<string, Sample> = await noticed(stage, server, 'calm')
      for (const attack of attacks) {
        const count = countOf(attack, server.name, stage.size.crowd)
        const seconds = stage.size.abuseSeconds * 1.4
        const done = attacker.run({ kind: 'abuse', what: { attack, at: server.at, count, seconds } })
        const [here, { text }] = await Promise.all([noticed(stage, server, attack), done])
        Object.assign(samples, here, { [stood(attack)]: { value: Number(text) } })
        await sleep(stage.size.abuseSeconds * 200)
      }
      return samples
    } finally {
      attacker.end()
      await server.stop()
    }
  },
  goal: (standing) => {
    const failed = attacks.map((attack) => standing.ours(`${attack}: failed`))
    const slowest = Math.max(...attacks.map((attack) => standing.ours(`${attack}: command, 99 %`) ?? 0))
    const most = Math.max(...failed.map((one) => one ?? 0))
    return {
      text: 'nobody fails, and 99 of 100 commands take less than 50 ms',
      figure: `${inWords(most)} % fail, ${inWords(slowest)} ms`,
      reached: failed.includes(undefined) ? undefined : most === 0 && slowest < 50,
    }
  },
}

async function noticed({ load, size }: Stage, server: Running, name: string): Promise<Samples> {
  const { text } = await load.run({ kind: 'notice', at: server.at, seconds: size.abuseSeconds })
  const { command, login, failed } = JSON.parse(text) as Noticed
  const tries = command.length + login.length + failed
  return {
    [`${name}: login, median`]: { value: quantile(login, 0.5) },
    [`${name}: login, 99 %`]: { value: quantile(login, 0.99) },
    [`${name}: command, median`]: { value: quantile(command, 0.5) },
    [`${name}: command, 99 %`]: { value: quantile(command, 0.99) },
    [`${name}: failed`]: { value: (100 * failed) / tries },
    [`${name}: memory`]: { value: memory(server.pid).pssKiB / 1024 },
  }
}

/** Of what succeeded; where nothing did, all that one would have waited. */
function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 5000
}
