import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../core/clock.ts'
import type { Conn, Network } from '../core/network.ts'
import { memoryNetwork } from '../net/memory.ts'
import { FakeClock, settle } from '../testing/fake-clock.ts'
import { ftpScenarios } from '../testing/misbehaving/scenarios.ts'
import { misbehavingServer } from '../testing/misbehaving/server.ts'
import type { Examination } from './checks/examination.ts'
import { examineFtp } from './examine-ftp.ts'
import { reportFtp } from './report-ftp.ts'
import type { Findings } from './step.ts'
import { judge } from './verdicts/all.ts'

const password = 'very-secret-word'

function examination(network: Network, more: Partial<Examination>): Examination {
  return {
    network,
    clock: systemClock,
    host: '127.0.0.1',
    port: 21,
    user: 'anna',
    password,
    security: 'clear',
    anyCertificate: false,
    mayWrite: true,
    patienceMs: 250,
    idleMs: 0,
    said: () => undefined,
    ...more,
  }
}

for (const { name, about, script } of ftpScenarios) {
  test(`the doctor ends at a server of which ${about} (${name}), leaves no file, and says no password`, async () => {
    const network = memoryNetwork()
    await using server = await misbehavingServer(script, { network })
    const lines: string[] = []
    const found = await examineFtp(
      examination(network, { port: server.port, said: (_from, line) => void lines.push(line) }),
    )
    const text = reportFtp(found, judge(found)) + JSON.stringify(found)
    assert.ok(!lines.some((line) => line.includes(password)))
    // What a server repeats is hidden where it is printed; of itself the doctor keeps none.
    assert.ok(!text.includes(password), text)
    assert.deepEqual(
      [...server.stored.keys()].filter(
        (path) => path.includes('ferry-doctor') && !removed(server.heard, path),
      ),
      [],
    )
  })
}

/** Whether the client has asked for a file to be removed: what the server makes of it is its own affair. */
function removed(heard: readonly string[], path: string): boolean {
  return heard.some((line) => line === `DELE ${path.slice(1)}` || line === `DELE ${path}`)
}

/** A network whose time is turned by hand, in which nothing answers, or what answers stops at a word. */
async function secondsFor(
  more: Partial<Examination>,
  network: (clock: FakeClock) => Promise<Network> | Network,
): Promise<{ readonly seconds: number; readonly found: Findings }> {
  const clock = new FakeClock()
  const started = clock.ticks()
  const ended = { is: false }
  const examined = run(examination(await network(clock), { clock, patienceMs: 8000, ...more }), ended)
  while (!ended.is && clock.ticks() - started < 600_000) {
    await clock.advance(250)
    await settle()
  }
  return { seconds: (clock.ticks() - started) / 1000, found: await examined }
}

async function run(about: Examination, ended: { is: boolean }): Promise<Findings> {
  const found = await examineFtp(about)
  ended.is = true
  return found
}

test('where everything is filtered the doctor ends within a minute', async () => {
  const { seconds, found } = await secondsFor({}, (clock) => silentNetwork(clock))
  assert.equal(judge(found)[0]?.id, 'host-silent')
  assert.ok(seconds <= 60, `${seconds} s`)
})

/** A server that speaks until a verb comes, and is silent from then on. */
const verbs = [
  'greeting',
  'FEAT',
  'USER',
  'PASS',
  'REST',
  'NOOP',
  'EPSV',
  'PASV',
  'LIST',
  'PORT',
  'EPRT',
  'AUTH',
  'TYPE',
]

for (const silent of verbs) {
  test(`where the server falls silent at ${silent} the doctor ends within a minute`, async () => {
    const { seconds } = await secondsFor({}, async () => {
      const network = memoryNetwork()
      await network.listen({ host: '127.0.0.1', port: 21 }, (conn) => {
        speakUntil(conn, silent).catch(() => conn.destroy())
      })
      return network
    })
    assert.ok(seconds <= 60, `${seconds} s`)
  })
}

const replies: Readonly<Record<string, string>> = {
  FEAT: '211 No features.',
  USER: '331 Password.',
  PASS: '230 In.',
  REST: '350 Ok.',
  EPSV: '229 Ok (|||9|)',
  PASV: '227 Ok (127,0,0,1,0,9)',
  PORT: '200 Ok.',
  EPRT: '200 Ok.',
  LIST: '425 No connection.',
}

async function speakUntil(conn: Conn, silent: string): Promise<void> {
  let mute = silent === 'greeting'
  if (!mute) await conn.write(Buffer.from('220 Ready.\r\n'))
  for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read()) {
    const verb = Buffer.concat(pieces).toString().slice(0, 4).trim()
    mute ||= verb === silent
    if (!mute) await conn.write(Buffer.from(`${replies[verb] ?? '200 Ok.'}\r\n`))
  }
}

/** Nothing comes back from anywhere. */
function silentNetwork(clock: FakeClock): Network {
  const network = memoryNetwork()
  return new Proxy(network, {
    get(target, key) {
      if (key !== 'connect') return Reflect.get(target, key, target) as unknown
      return async ({ timeoutMs }: { readonly timeoutMs: number }) => {
        await new Promise<void>((resolve) => clock.after(timeoutMs, resolve))
        throw new (await import('../core/error.ts')).NetworkError('timeout', 'no answer came')
      }
    },
  })
}
