import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from '../../../core/clock.ts'
import { NetworkError } from '../../../core/error.ts'
import type { Conn, ConnectOptions, Network } from '../../../core/network.ts'
import { rootPath } from '../../../core/path.ts'
import type { RemoteStore } from '../../../core/remote.ts'
import { memoryNetwork } from '../../../net/memory.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { misbehavingServer } from '../../../testing/misbehaving/server.ts'
import { say, type FtpScript } from '../../../testing/misbehaving/script.ts'
import { whileTurning } from '../../../testing/while-turning.ts'
import { connectFtp } from '../connect.ts'

const six = '2001:db8::1'
const four = '192.0.2.7'

function toAddress(conn: Conn, address: string): Conn {
  return {
    local: conn.local,
    remote: { address, port: conn.remote.port },
    secure: false,
    read: () => conn.read(),
    write: (bytes) => conn.write(bytes),
    end: () => conn.end(),
    destroy: (reason) => conn.destroy(reason),
  }
}

function silence({ timeoutMs, signal }: ConnectOptions, clock: Clock): Promise<never> {
  return new Promise((_resolve, reject) => {
    clock.after(timeoutMs, () => reject(new NetworkError('timeout', 'no answer came')))
    signal?.addEventListener('abort', () => reject(new NetworkError('aborted', 'stopped')), { once: true })
  })
}

async function names(store: RemoteStore): Promise<number> {
  let count = 0
  for await (const batch of store.list(rootPath)) count += batch.length
  return count
}

/** Lists what a server has whose name leads to IPv6, where a firewall lets no data through, and perhaps to IPv4. */
async function listing(script: FtpScript, fours: 'open' | 'closed' | 'none') {
  const clock = new FakeClock()
  const inner = memoryNetwork()
  await using server = await misbehavingServer(script, { network: inner, clock })
  const network: Network = {
    listen: (options, accept) => inner.listen(options, accept),
    secure: (conn, how) => inner.secure(conn, how),
    datagrams: (options, receive) => inner.datagrams(options, receive),
    addresses: () => inner.addresses(),
    lookup: async () => (fours === 'none' ? [six] : [four, six]),
    async connect(options) {
      if (options.host === six) return silence(options, clock)
      if (options.host === four && fours === 'closed') throw new NetworkError('refused', 'nobody')
      const conn = await inner.connect({ ...options, host: server.host })
      return toAddress(conn, options.host === four ? four : six)
    },
  }
  const warnings: string[] = []
  const ask = { secret: async () => 'x', trust: async () => 'no' as const }
  const options = { network, clock, ask, host: 'far', port: server.port, user: 'u' }
  const begun = clock.ticks()
  const remote = await connectFtp({ ...options, warned: (line) => void warnings.push(line) })
  const twice = async (): Promise<unknown> => [await names(remote), await names(remote)]
  const came = await whileTurning(
    clock,
    twice().catch((thrown: unknown) => thrown),
  )
  const tookMs = clock.ticks() - begun
  await remote.end()
  return { came, warnings, tookMs, heard: server.heard }
}

void test('where data ports are silent by IPv6 the session goes by IPv4, soon, and that is said once', async () => {
  for (const greeting of ['220 ready', '220 (vsFTPd 3.0.5)']) {
    const { came, warnings, tookMs } = await listing({ greeting: [say(greeting)] }, 'open')
    assert.deepEqual(came, [1, 1])
    assert.deepEqual(warnings, [`the data ports of far are silent by IPv6; going by IPv4, to ${four}`])
    assert.ok(tookMs < 5000, String(tookMs))
  }
})

void test('where nobody answers by IPv4 either the name is gone by again, and the silence is the trouble that is told', async () => {
  const refused = [[say('500 no')]]
  const script = { answers: { EPRT: refused, PORT: refused } }
  for (const fours of ['closed', 'none'] as const) {
    const { came } = await listing(script, fours)
    assert.ok(came instanceof NetworkError)
    assert.match(came.message, /EPSV named port/u)
  }
})

void test('where there is no other family the way that was silent is not waited for a second time', async () => {
  const waits: FtpScript['answers'] = { LIST: [[{ kind: 'stall' }], [{ kind: 'usual' }]] }
  const { heard } = await listing({ greeting: [say('220 (vsFTPd 3.0.5)')], answers: waits }, 'none')
  assert.equal(heard.filter((line) => line === 'EPSV').length, 1)
})
