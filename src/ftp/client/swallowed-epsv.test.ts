import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../core/clock.ts'
import { NetworkError } from '../../core/error.ts'
import { parsePath } from '../../core/path.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { misbehavingServer } from '../../testing/misbehaving/server.ts'
import { connectFtp } from './connect.ts'

test('a server behind something that swallows EPSV is read by PASV in the next session', async () => {
  const network = memoryNetwork()
  await using server = await misbehavingServer({ answers: { EPSV: [[{ kind: 'stall' }]] } }, { network })
  const store = await connectFtp({
    network,
    clock: systemClock,
    host: server.host,
    port: server.port,
    user: 'anna',
    silenceMs: 200,
    ask: { secret: async () => 'secret', trust: async () => 'no' },
  })
  const names = async (): Promise<readonly string[]> => {
    const found: string[] = []
    for await (const batch of store.list(parsePath('/'))) found.push(...batch.map(({ name }) => name))
    return found
  }
  await assert.rejects(names(), (thrown) => thrown instanceof NetworkError && thrown.fault === 'timeout')
  assert.deepEqual(await names(), ['file.bin'])
  assert.equal(server.heard.filter((line) => line.startsWith('EPSV')).length, 1)
  await store.end()
})
