import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../core/clock.ts'
import type { DatagramOptions } from '../../core/network.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { tftpWorld } from '../../testing/tftp-world.ts'
import { tcpNetwork } from '../../net/tcp.ts'
import { examineTftp, type TftpExamination } from './examine-tftp.ts'
import { reportTftp } from './report-tftp.ts'
import { judgeTftp } from './verdicts.ts'

const host = '192.0.2.1'

function examination(more: Partial<TftpExamination>): TftpExamination {
  return { network: memoryNetwork(), clock: systemClock, host, port: 69, patienceMs: 60, ...more }
}

test('a file is asked for plainly, with options, and in blocks that travel in pieces', async () => {
  await using world = await tftpWorld()
  await world.put('/boot.img', new Uint8Array(20_000))
  const network = withAddress(world.network, '192.0.2.50')
  const found = await examineTftp(examination({ network, file: 'boot.img', patienceMs: 3000 }))
  const [verdict, ...others] = judgeTftp(found)
  assert.equal(verdict?.id, 'healthy', JSON.stringify({ found, others }))
  assert.equal(found.plain?.blockBytes, 512)
  assert.equal(found.rich?.blockBytes, 1428)
  assert.equal(found.rich?.taken?.['tsize'], '20000')
  assert.match(reportTftp(found, judgeTftp(found)), /udp +-+> port 69/)
})

test('without a file a name is asked for that nobody has, and "no such file" is the good answer', async () => {
  await using world = await tftpWorld()
  const network = withAddress(world.network, '192.0.2.50')
  const well = await examineTftp(examination({ network, patienceMs: 3000 }))
  assert.equal(judgeTftp(well)[0]?.id, 'healthy')
  const missing = await examineTftp(examination({ network, file: 'none.img', patienceMs: 3000 }))
  assert.equal(judgeTftp(missing)[0]?.id, 'tftp-not-found')
})

test('a port from which nothing comes ends in time, and is told as dropped there or on the way back', async () => {
  const found = await examineTftp(examination({}))
  assert.equal(judgeTftp(found)[0]?.id, 'tftp-silent')
})

test('a port where nothing listens is told apart from one that is filtered', async () => {
  const network = tcpNetwork()
  const probe = await network.datagrams({ host: '127.0.0.1', port: 0 }, () => undefined)
  const { port } = probe.local
  await probe.close()
  const found = await examineTftp(examination({ network, host: '127.0.0.1', port, patienceMs: 5000 }))
  assert.equal(judgeTftp(found)[0]?.id, 'tftp-refused')
})

test('a server that answers with noise, with acknowledgements or for ever holds nobody up', async () => {
  for (const answer of [Uint8Array.of(9, 9, 9), Uint8Array.of(0, 4, 0, 1), Uint8Array.of(0, 6)]) {
    const network = memoryNetwork()
    const place = await network.datagrams({ host, port: 69 }, (_bytes, from) => {
      for (let sent = 0; sent < 50; sent += 1) place.send(answer, from)
    })
    const found = await examineTftp(examination({ network: withAddress(network, '192.0.2.50'), file: 'a' }))
    assert.notEqual(judgeTftp(found)[0]?.id, undefined)
    await place.close()
    assert.equal(network.openDatagrams, 0)
  }
})

/** A memory network whose places are at an address that the server lets in. */
function withAddress(network: ReturnType<typeof memoryNetwork>, address: string): typeof network {
  return new Proxy(network, {
    get(target, key) {
      if (key !== 'datagrams') return Reflect.get(target, key, target) as unknown
      return (options: DatagramOptions, receive: Parameters<typeof network.datagrams>[1]) =>
        target.datagrams({ ...options, host: address }, receive)
    },
  })
}
