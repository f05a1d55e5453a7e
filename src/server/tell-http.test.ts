import assert from 'node:assert/strict'
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
