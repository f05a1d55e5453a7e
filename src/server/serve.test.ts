import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryAccounts } from '../accounts/memory.ts'
import { NetworkError } from '../core/error.ts'
import type { Network } from '../core/network.ts'
import { parsePath } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { memoryNetwork } from '../net/memory.ts'
import { memoryStore } from '../stores/memory.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { recordedEvents } from '../testing/recorded-events.ts'
import { serve } from './serve.ts'

const nobody = memoryAccounts([])
const dayMs = 24 * 3_600_000

async function put(store: Store, path: string): Promise<void> {
  const file = await store.open(parsePath(path), { write: true, create: 'allow' })
  await file.write([Buffer.from('x')], 0)
  await file.close()
}

async function names(store: Store): Promise<string[]> {
  const found: string[] = []
  for await (const batch of store.list(parsePath('/'))) found.push(...batch.map(({ name }) => name))
  return found.toSorted()
}

test('left-over parts of uploads are swept once they are old, at the start and every hour, and told', async () => {
  const clock = new FakeClock()
  const events = recordedEvents()
  const store = memoryStore({ clock })
  await put(store, '/.ferry-part-0123456789abcdef-old')
  await put(store, '/kept')
  await clock.advance(8 * dayMs)
  await put(store, '/.ferry-part-0123456789abcdef-young')
  await using server = await serve({
    accounts: nobody,
    network: memoryNetwork(),
    clock,
    events,
    sweep: () => [store],
    ftp: { port: 21 },
  })
  await clock.advance(2000)
  assert.deepEqual(await names(store), ['.ferry-part-0123456789abcdef-young', 'kept'])
  assert.match(events.of('warning')[0]?.text ?? '', /removed 1 left-over/)
  await clock.advance(7 * dayMs + 3_700_000)
  assert.deepEqual(await names(store), ['kept'])
  assert.equal(server.listeners.length, 1)
})

test('who cannot say which stores are to be swept ends neither the server nor its end', async () => {
  const events = recordedEvents()
  const server = await serve({
    accounts: nobody,
    network: memoryNetwork(),
    clock: new FakeClock(),
    events,
    sweep: () => {
      throw new Error('the list is lost')
    },
    ftp: { port: 21 },
  })
  await server.close()
  assert.equal(events.of('warning')[0]?.text, 'left-over parts were not removed: the list is lost')
})

test('closing leaves no port and no timer', async () => {
  const clock = new FakeClock()
  const network = memoryNetwork()
  const server = await serve({
    accounts: nobody,
    network,
    clock,
    sweep: () => [memoryStore({ clock })],
    ftp: { port: 21 },
  })
  await server.close()
  assert.deepEqual(network.open, { ports: 0, accepted: 0 })
  assert.equal(clock.pending, 0)
})

test('without an address it listens on all, of IPv4 where the machine has no IPv6', async () => {
  const inner = memoryNetwork()
  const withoutIpv6: Network = {
    ...inner,
    connect: (options) => inner.connect(options),
    lookup: (host) => inner.lookup(host),
    secure: (conn, how) => inner.secure(conn, how),
    async listen(options, accept) {
      if (options.host === '::') throw new NetworkError('no-such-address', 'no IPv6')
      return inner.listen(options, accept)
    },
  }
  await using server = await serve({ accounts: nobody, network: withoutIpv6, ftp: { port: 21 } })
  assert.deepEqual(server.listeners, [{ protocol: 'ftp', address: '0.0.0.0', port: 21 }])
  await using dual = await serve({ accounts: nobody, network: memoryNetwork(), ftp: { port: 21 } })
  assert.deepEqual(dual.listeners, [{ protocol: 'ftp', address: '::', port: 21 }])
})
