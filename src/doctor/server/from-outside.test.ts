import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../core/clock.ts'
import type { Network } from '../../core/network.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { ftpWorld } from '../../testing/ftp-world.ts'
import type { Examination } from '../checks/examination.ts'
import { lookFromOutside } from './from-outside.ts'

const peer = '198.51.100.7'
const us = '192.0.2.50'

function examination(network: Network, password = 'secret'): Examination {
  return {
    network: fromUs(network),
    clock: systemClock,
    host: peer,
    port: 21,
    user: 'anna',
    password,
    security: 'clear',
    anyCertificate: false,
    mayWrite: false,
    patienceMs: 3000,
    idleMs: 0,
    said: () => undefined,
  }
}

/** The same network, seen from an address that listeners have too. */
function fromUs(network: Network): Network {
  return {
    listen: (options, accept) => network.listen(options, accept),
    connect: (options) => network.connect({ ...options, localAddress: us }),
    secure: (conn, how) => network.secure(conn, how),
    datagrams: (options, receive) => network.datagrams(options, receive),
    addresses: () => network.addresses(),
    lookup: (host) => network.lookup(host),
  }
}

test('a Ferry elsewhere says who we are out there and connects to our ports, which listen for that long', async () => {
  await using world = await ftpWorld({ address: peer })
  const outside = await lookFromOutside(examination(world.network), [50_000, 50_001, 25])
  assert.equal(outside.sees, us)
  assert.deepEqual(
    outside.ports.map(({ port, outcome }) => [port, outcome]),
    [
      [50_000, 'reached'],
      [50_001, 'reached'],
      // No service of others is knocked at, not even one that we ask for.
      [25, 'not asked'],
    ],
  )
  // Nothing listens any more: the port can be taken again.
  const again = await world.network.listen({ host: '0.0.0.0', port: 50_000 }, (conn) => conn.destroy())
  await again.close()
})

test('a peer that is not there, or lets us not in, is told as that', async () => {
  const nobody = await lookFromOutside(examination(memoryNetwork()), [50_000])
  assert.match(nobody.fault ?? '', /lets nobody in/)
  const unknown = await lookFromOutside({ ...examination(memoryNetwork()), host: 'no.example' }, [50_000])
  assert.match(unknown.fault ?? '', /not known/)
})
