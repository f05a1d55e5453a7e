import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from 'basic-ftp'
import { connect } from '../client/index.ts'
import { testServer } from './test-server.ts'
import { Readable, Writable } from 'node:stream'

test('a test server can be closed where no block ends, as in afterAll', async () => {
  const server = await testServer()
  await server.close()
  await assert.rejects(new Client().access({ host: server.host, port: server.port }), /ECONNREFUSED/u)
})

test('a test server is there for a foreign client, and what it took can be looked at', async () => {
  await using server = await testServer({ '/in/today/hello.txt': 'hello' })
  const client = new Client()
  await client.access({ host: server.host, port: server.port, user: server.user, password: server.password })
  const got: Buffer[] = []
  await client.downloadTo(
    new Writable({ write: (piece: Buffer, _, done) => (got.push(piece), done()) }),
    'in/today/hello.txt',
  )
  assert.equal(Buffer.concat(got).toString(), 'hello')
  await client.uploadFrom(Readable.from([Buffer.from('bye')]), 'bye.txt')
  client.close()
  assert.equal((await server.get('/bye.txt')).toString(), 'bye')
})

test('whoever fakes timers in tests does not stop transfers', async (context) => {
  await using server = await testServer({ 'a.txt': 'hello' })
  context.mock.timers.enable()
  await using remote = await connect(server.url)
  await remote.put(Buffer.from('sent'), 'b.txt')
  assert.equal((await server.get('/b.txt')).toString(), 'sent')
  const names: string[] = []
  for await (const { entry } of remote.entries()) names.push(entry.name)
  assert.deepEqual(names.toSorted(), ['a.txt', 'b.txt'])
})

test('what is neither text nor bytes is named', async () => {
  const files = { files: { 'a.txt': 'text' } } as unknown as Record<string, string>
  await assert.rejects(testServer(files), /what files is to hold is neither text nor bytes/u)
})
