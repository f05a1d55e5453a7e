// A server for the tests of a program that uses FTP: real sockets, files in memory, nothing to clean up.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client } from 'basic-ftp'
import { testServer } from 'ferry/testing'

test('the report is sent', async () => {
  await using server = await testServer({ '/in/list.csv': 'a,b\n' })
  const { host, port, user, password } = server

  const client = new Client() // what your program does
  await client.access({ host, port, user, password })
  await client.rename('in/list.csv', 'done.csv')
  client.close()

  assert.equal(String(await server.get('/done.csv')), 'a,b\n')
})
