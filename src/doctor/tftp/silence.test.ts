import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from '../../core/clock.ts'
import type { Datagrams, Network, Peer } from '../../core/network.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { fakeSeconds } from '../../testing/fake-seconds.ts'
import { silentNetwork } from '../../testing/silent-network.ts'
import { decodePacket, encodePacket, type Packet } from '../../tftp/packet.ts'
import { examineTftp } from './examine-tftp.ts'
import type { TftpFindings } from './findings.ts'
import { judgeTftp } from './verdicts.ts'

const host = '192.0.2.1'

/** With the patience that the doctor has where nobody says another. */
function examine(network: Network, clock: Clock): Promise<TftpFindings> {
  return examineTftp({ network, clock, host, port: 69, patienceMs: 8000, file: 'boot.img' })
}

test('where everything is filtered the doctor ends within a minute', async () => {
  const { seconds, result } = await fakeSeconds((clock) =>
    examine(silentNetwork(memoryNetwork(), clock), clock),
  )
  assert.equal(judgeTftp(result)[0]?.id, 'tftp-silent')
  assert.ok(seconds <= 60, `${seconds} s`)
})

type Answer = (packet: Packet) => Packet | undefined

/** A server that answers some packets, and others not. */
async function answering(answer: Answer): Promise<Network> {
  const network = memoryNetwork({ addresses: [host, '192.0.2.50'] })
  const place: { own?: Datagrams } = {}
  place.own = await network.datagrams({ host, port: 69 }, (bytes, from: Peer) => {
    const back = answer(decodePacket(bytes))
    if (back !== undefined) place.own?.send(encodePacket(back), from)
  })
  return network
}

/** The block that is meant by a request or an acknowledgement. */
function blockFor(packet: Packet): Packet | undefined {
  const block = packet.kind === 'request' ? 1 : packet.kind === 'ack' ? packet.block + 1 : undefined
  return block === undefined ? undefined : { kind: 'data', block, bytes: new Uint8Array(512) }
}

const silences: Readonly<Record<string, Answer>> = {
  'requests with options': (packet) =>
    packet.kind === 'request' && packet.options.length > 0 ? undefined : blockFor(packet),
  'the options are agreed on': (packet) =>
    packet.kind === 'request' && packet.options.length > 0
      ? { kind: 'oack', options: packet.options }
      : packet.kind === 'ack' && packet.block === 0
        ? undefined
        : blockFor(packet),
}

for (const [what, answer] of Object.entries(silences)) {
  test(`a server that falls silent at or behind this: ${what}; the doctor ends within a minute`, async () => {
    const { seconds, result } = await fakeSeconds(async (clock) => examine(await answering(answer), clock))
    assert.equal(result.plain?.outcome, 'works')
    assert.equal(result.rich?.outcome, 'silence')
    assert.ok(seconds <= 60, `${seconds} s`)
  })
}

test('a server that is well is examined within 20 seconds', async () => {
  const { seconds, result } = await fakeSeconds(async (clock) =>
    examine(
      await answering((packet) =>
        packet.kind === 'request' && packet.options.length > 0
          ? { kind: 'oack', options: packet.options }
          : blockFor(packet),
      ),
      clock,
    ),
  )
  assert.equal(judgeTftp(result)[0]?.id, 'healthy')
  assert.equal(result.rich?.outcome, 'works')
  assert.ok(seconds <= 20, `${seconds} s`)
})

const verdicts: Readonly<Record<string, Answer>> = {
  // What comes to the ports of transfers is dropped.
  'tftp-stuck': (packet) =>
    packet.kind !== 'request'
      ? undefined
      : packet.options.length > 0
        ? { kind: 'oack', options: packet.options }
        : blockFor(packet),
  // What is larger than 512 bytes is dropped.
  'tftp-large-lost': silences['the options are agreed on'] ?? blockFor,
}

for (const [id, answer] of Object.entries(verdicts)) {
  test(`a server whose files cannot come is not called well: ${id}`, async () => {
    const { result } = await fakeSeconds(async (clock) => examine(await answering(answer), clock))
    assert.deepEqual(
      judgeTftp(result).map((verdict) => verdict.id),
      [id],
    )
  })
}
