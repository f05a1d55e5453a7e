import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settle } from '../testing/fake-clock.ts'
import { memoryNetwork } from './memory.ts'

test('datagrams can be lost, doubled and held back on their way', async () => {
  const heard: number[] = []
  const held: (() => void)[] = []
  const network = memoryNetwork({
    carry(bytes, _from, _to, deliver) {
      const [kind] = bytes
      if (kind === 1) return // lost
      if (kind === 3) held.push(deliver)
      else deliver()
      if (kind === 2) deliver()
    },
  })
  const far = await network.datagrams({ host: '192.0.2.1', port: 69 }, (bytes) => heard.push(bytes[0] ?? 0))
  const near = await network.datagrams({ host: '192.0.2.2', port: 0 }, () => undefined)
  for (const kind of [3, 1, 2, 4]) near.send(Uint8Array.of(kind), far.local)
  await settle()
  for (const deliver of held) deliver()
  await settle()
  assert.deepEqual(heard, [2, 2, 4, 3])
  await far.close()
  near.send(Uint8Array.of(4), far.local)
  await settle()
  assert.equal(heard.length, 4)
})

test('a port has one owner at a time', async () => {
  const network = memoryNetwork()
  const at = { host: '192.0.2.1', port: 69 }
  const first = await network.datagrams(at, () => undefined)
  await assert.rejects(
    network.datagrams(at, () => undefined),
    { fault: 'in-use' },
  )
  await first.close()
  await network.datagrams(at, () => undefined)
})

test('what is sent may change at once, also where it is a Buffer', async () => {
  const network = memoryNetwork()
  const heard: string[] = []
  await network.datagrams({ host: '192.0.2.1', port: 69 }, (bytes) =>
    heard.push(Buffer.from(bytes).toString()),
  )
  const sender = await network.datagrams({ host: '192.0.2.2', port: 0 }, () => undefined)
  const bytes = Buffer.from('one')
  sender.send(bytes, { address: '192.0.2.1', port: 69 })
  bytes.write('two')
  await settle()
  assert.deepEqual(heard, ['one'])
})
