import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NetworkError } from '../../core/error.ts'
import { tcpNetwork } from '../../net/tcp.ts'
import { commonOptions, parseWords } from '../options.ts'
import { Fetching } from './fetching.ts'

void test('who waits for a server that says nothing can stop that, and other places go on', async () => {
  const silent = await tcpNetwork().listen({ host: '127.0.0.1', port: 0 }, (conn) => {
    void conn.read().catch(() => undefined)
  })
  await using fetching = new Fetching(parseWords('ls', [], commonOptions).said)
  for (const scheme of ['ftp', 'sftp']) {
    const stop = new AbortController()
    const opening = fetching.place(`${scheme}://anna@127.0.0.1:${silent.local.port}/`, stop.signal)
    setImmediate(() => stop.abort())
    await assert.rejects(opening, (thrown) => thrown instanceof NetworkError && thrown.fault === 'aborted')
  }
  assert.equal(fetching.signal.aborted, false)
  await silent.close()
})
