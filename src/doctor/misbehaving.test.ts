import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock, type Clock } from '../core/clock.ts'
import type { Conn, Network } from '../core/network.ts'
import { memoryNetwork } from '../net/memory.ts'
import { fakeSeconds } from '../testing/fake-seconds.ts'
import { ftpWorld } from '../testing/ftp-world.ts'
import { ftpScenarios } from '../testing/misbehaving/scenarios.ts'
import { misbehavingServer } from '../testing/misbehaving/server.ts'
import { silentNetwork } from '../testing/silent-network.ts'
import type { Examination } from './checks/examination.ts'
import { examineFtp } from './examine-ftp.ts'
import { reportFtp } from './report-ftp.ts'
import type { Findings } from './findings.ts'
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

/** With the patience that the doctor has where nobody says another. */
function patient(network: Network, clock: Clock): Promise<Findings> {
  return examineFtp(examination(network, { clock, patienceMs: 8000 }))
}

test('where everything is filtered the doctor ends within a minute', async () => {
  const { seconds, result } = await fakeSeconds((clock) =>
    patient(silentNetwork(memoryNetwork(), clock), clock),
  )
  assert.equal(judge(result)[0]?.id, 'host-silent')
  assert.ok(seconds <= 60, `${seconds} s`)
})

test('a server that is well is examined within 20 seconds', async () => {
  const { seconds, result } = await fakeSeconds(async (clock) => {
    await using at = await ftpWorld({
      address: '127.0.0.1',
      clock,
      accounts: (home) => [{ name: 'anna', password, home }],
    })
    return await patient(at.network, clock)
  }, 20)
  assert.equal(judge(result)[0]?.id, 'healthy')
  assert.ok(seconds <= 20, `${seconds} s`)
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
    const { seconds } = await fakeSeconds(async (clock) => {
      const network = memoryNetwork()
      await network.listen({ host: '127.0.0.1', port: 21 }, (conn) => {
        speakUntil(conn, silent).catch(() => conn.destroy())
      })
      return patient(network, clock)
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
