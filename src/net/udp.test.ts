import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NetworkError } from '../core/error.ts'
import type { Peer } from '../core/network.ts'
import { localAddresses } from './local-addresses.ts'
import { datagrams } from './udp.ts'

for (const host of ['127.0.0.1', '::1']) {
  const skip = localAddresses().includes(host) ? false : `this machine has no address ${host}`
  test(`a datagram arrives as it was, and tells where it is from: ${host}`, { skip }, async () => {
    const arrived = Promise.withResolvers<[Uint8Array, Peer]>()
    const near = await datagrams({ host, port: 0 }, () => undefined)
    const far = await datagrams({ host, port: 0 }, (bytes, from) => arrived.resolve([bytes, from]))
    near.send(Buffer.alloc(65_000, 7), far.local)
    const [bytes, from] = await arrived.promise
    assert.deepEqual(Buffer.from(bytes), Buffer.alloc(65_000, 7))
    assert.deepEqual(from, near.local)
    await near.close()
    await far.close()
  })
}

test('what cannot be sent is lost, and closing twice is closing', async () => {
  const place = await datagrams({ host: '127.0.0.1', port: 0 }, () => undefined)
  place.send(Buffer.alloc(100_000), place.local)
  place.send(Buffer.alloc(1), { address: '127.0.0.1', port: 1 })
  await place.close()
  await place.close()
  place.send(Buffer.alloc(1), place.local)
})

test('a taken port and a foreign address are told as such', async () => {
  const place = await datagrams({ host: '127.0.0.1', port: 0 }, () => undefined)
  await assert.rejects(
    datagrams(placeOptions(place.local), () => undefined),
    isFault('in-use'),
  )
  await assert.rejects(
    datagrams({ host: '192.0.2.1', port: 0 }, () => undefined),
    isFault('no-such-address'),
  )
  await place.close()
})

function isFault(wanted: string) {
  return (error: unknown) => error instanceof NetworkError && error.fault === wanted
}

function placeOptions({ address, port }: Peer) {
  return { host: address, port }
}
