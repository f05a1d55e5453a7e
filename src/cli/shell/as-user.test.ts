import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../usage-error.ts'
import { asUser } from './as-user.ts'

void test('the name in a URL is another one, and stays one whatever is in it', () => {
  assert.equal(asUser('ftp://far:2121/dir', 'anna'), 'ftp://anna@far:2121/dir')
  assert.equal(asUser('sftp://bob@far/', 'anna@example.com'), 'sftp://anna%40example.com@far/')
})

void test('a password is not taken, as the history would keep it; a folder here has no users', () => {
  for (const [url, name, password] of [
    ['ftp://far/', 'anna', 'secret'],
    ['ftp://far/', 'anna,secret'],
    ['/home', 'anna'],
    ['ftp://far/', ''],
  ] as const)
    assert.throws(() => asUser(url, name, password), UsageError)
})
