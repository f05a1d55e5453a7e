import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from '../../core/clock.ts'
import type { Network } from '../../core/network.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { runSftp } from '../../sftp/server/session.ts'
import { knownHostsInMemory } from '../../ssh/known-hosts/files.ts'
import { knownHosts } from '../../ssh/known-hosts/trust.ts'
import { memoryStore } from '../../stores/memory.ts'
import { fakeSeconds } from '../../testing/fake-seconds.ts'
import { recordedEvents } from '../../testing/recorded-events.ts'
import { fallsSilent, silentNetwork } from '../../testing/silent-network.ts'
import { sshWorld, signers, type SshWorld } from '../../testing/ssh-world.ts'
import { examineSftp } from './examine-sftp.ts'
import type { SftpFindings } from './findings.ts'
import { judgeSftp } from './verdicts.ts'

const host = '192.0.2.1'

/** Keys are agreed on in threads of Node. */
const turns = 40

/** With the patience that the doctor has where nobody says another. */
function examine(network: Network, clock: Clock): Promise<SftpFindings> {
  const ask = { secret: async () => undefined, trust: async () => 'once' as const }
  const trust = knownHosts({ files: knownHostsInMemory(), ask, clock })
  return examineSftp({
    network,
    clock,
    host,
    port: 22,
    patienceMs: 8000,
    access: { hostName: host, keyName: host, port: 22, user: 'anna', trust, keys: signers(), through: [] },
    password: 'secret',
    mayWrite: true,
    said: () => undefined,
  })
}

function world(clock: Clock): Promise<SshWorld> {
  const home = memoryStore({ clock })
  return sshWorld({
    clock,
    services: {
      async sftp(conn, session) {
        await runSftp({ conn, session, clock, events: recordedEvents() })
        return 0
      },
    },
    accounts: () => [{ name: 'anna', password: 'secret', home }],
  })
}

test('where everything is filtered the doctor ends within a minute', async () => {
  const { seconds, result } = await fakeSeconds((clock) =>
    examine(silentNetwork(memoryNetwork(), clock), clock),
  )
  assert.equal(judgeSftp(result)[0]?.id, 'host-silent')
  assert.ok(seconds <= 60, `${seconds} s`)
})

test('a server that is well is examined within 20 seconds', async () => {
  const { seconds, result } = await fakeSeconds(async (clock) => {
    await using at = await world(clock)
    return await examine(at.network, clock)
  }, turns)
  assert.equal(judgeSftp(result)[0]?.id, 'healthy')
  assert.ok(seconds <= 20, `${seconds} s`)
})

/** From the greeting to the listing and the small file, a server says something about so often. */
const mostReads = 24

test('wherever a server falls silent, the doctor ends within a minute', async () => {
  const firsts = new Set<string | undefined>()
  for (let reads = 0; reads <= mostReads; reads += 1) {
    const { seconds, result } = await fakeSeconds(async (clock) => {
      await using at = await world(clock)
      return await examine(fallsSilent(at.network, reads), clock)
    }, turns)
    assert.ok(seconds <= 60, `silent after ${reads} reads: ${seconds} s`)
    firsts.add(judgeSftp(result)[0]?.id)
  }
  assert.ok(firsts.has('greeting-silent') && firsts.has('healthy'), [...firsts].join(' '))
})
