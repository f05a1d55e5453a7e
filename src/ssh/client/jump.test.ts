import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseHop } from './jump.ts'

test('a hop is a host, with a user and a port where they are said', () => {
  assert.deepEqual(parseHop('jump'), { host: 'jump' })
  assert.deepEqual(parseHop('anna@jump:2222'), { host: 'jump', port: 2222, user: 'anna' })
  assert.deepEqual(parseHop('a@b@jump'), { host: 'jump', user: 'a@b' })
  assert.deepEqual(parseHop('[fe80::1]:22'), { host: 'fe80::1', port: 22 })
  assert.deepEqual(parseHop('ssh://anna@jump:2222/'), { host: 'jump', port: 2222, user: 'anna' })
  for (const wrong of ['', '@jump', 'jump:0', 'jump:70000', 'jump:x', 'a:b:c']) {
    assert.equal(parseHop(wrong), undefined, wrong)
  }
})
