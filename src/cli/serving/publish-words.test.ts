import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseServeWords } from './serve-options.ts'

const read = (...words: readonly string[]) => parseServeWords(['/srv', ...words]).publish

test('an SSH host is named as ssh does, and its ports are those of here if no others are said', () => {
  assert.deepEqual(read('--publish', 'ssh://me@far.example:2200'), {
    target: { host: 'far.example', port: 2200, user: 'me' },
    ports: {},
    http: 'off',
  })
  assert.deepEqual(read('--publish', 'far', '--publish-ftp', '21', '--publish-sftp', 'off'), {
    target: { host: 'far' },
    ports: { ftp: 21, sftp: 'off' },
    http: 'off',
  })
  assert.equal(read('--publish', 'far', '--publish-http', '9121')?.http, 9121)
  assert.equal(read(), undefined)
})

test('what is no host, holds a password, or is a port of nobody is refused with what to say instead', () => {
  assert.throws(
    () => read('--publish', 'ssh://me@far.example/files'),
    /--publish takes an SSH host, like ssh:/u,
  )
  assert.throws(() => read('--publish', ''), /--publish takes an SSH host/u)
  assert.throws(() => read('--publish', 'ssh://me:secret@far.example'), /logs in by key/u)
  assert.throws(() => read('--publish-ftp', '21'), /say --publish ssh:\/\/USER@HOST/u)
  assert.throws(() => read('--publish-http', '9121'), /--publish-http is a port of an SSH host/u)
  assert.throws(() => read('--publish', 'far', '--publish-ftp', 'ftp'), /--publish-ftp takes a port/u)
})
