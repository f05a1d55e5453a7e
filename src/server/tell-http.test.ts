import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { tellHttp } from './tell-http.ts'

test('who asks for numbers that cannot be had is told so, and the next one gets them', async (t) => {
  let fails = true
  const http = await tellHttp({ port: 0 }, async () => {
    if (fails) throw new Error('a worker does not answer')
    return 'ferry_sessions 1\n'
  })
  t.after(() => http.end())
  const url = `http://127.0.0.1:${http.at.port}/metrics`
  const first = await fetch(url)
  assert.deepEqual([first.status, await first.text()], [500, 'a worker does not answer\n'])
  fails = false
  const second = await fetch(`${url}?name=ferry`)
  assert.deepEqual([second.status, await second.text()], [200, 'ferry_sessions 1\n'])
  const other = await fetch(url, { method: 'POST' })
  assert.deepEqual([other.status, other.headers.get('allow')], [405, 'GET, HEAD'])
})

test('a hundred connections that say nothing keep nobody from the answer', async (t) => {
  const http = await tellHttp({ port: 0 }, async () => '')
  t.after(() => http.end())
  const silent = Array.from({ length: 100 }, () =>
    connect(http.at.port, '127.0.0.1').on('error', () => undefined),
  )
  t.after(() => silent.forEach((socket) => socket.destroy()))
  await Promise.all(silent.map((socket) => once(socket, 'connect')))
  const answer = await fetch(`http://127.0.0.1:${http.at.port}/health`)
  assert.equal(await answer.text(), 'ok\n')
})

test('an address that cannot be listened at is told with its key', async () => {
  await assert.rejects(
    tellHttp({ port: 9121, host: '192.0.2.1' }, async () => ''),
    { message: 'HTTP cannot listen at port 9121 of 192.0.2.1: this machine has no such address (http.host)' },
  )
})
