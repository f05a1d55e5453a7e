import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Conn, Peer } from '../core/network.ts'
import { memoryNetwork } from '../net/memory.ts'
import { publishedHttp } from './published-http.ts'

test('who comes there speaks with the listener here or is cut off', { timeout: 5000 }, async () => {
  const [there, here] = [memoryNetwork(), memoryNetwork()]
  let listener: Peer | undefined = { address: '127.0.0.1', port: 9121 }
  const port = await publishedHttp(there, 80, here, () => listener)
  const refused = await there.connect({ host: '127.0.0.1', port: 80, timeoutMs: 1000 })
  await assert.rejects(refused.read())

  await here.listen({ host: '127.0.0.1', port: 9121 }, (conn) => void echo(conn))
  const conn = await there.connect({ host: '127.0.0.1', port: 80, timeoutMs: 1000 })
  await conn.write(Buffer.from('GET /health'))
  assert.equal(Buffer.concat([...((await conn.read()) ?? [])]).toString(), 'GET /health')
  assert.equal(await conn.read(), undefined)

  listener = undefined
  const none = await there.connect({ host: '127.0.0.1', port: 80, timeoutMs: 1000 })
  await assert.rejects(none.read())
  await port.close()
})

async function echo(conn: Conn): Promise<void> {
  for (const piece of (await conn.read()) ?? []) await conn.write(piece)
  await conn.end()
}
