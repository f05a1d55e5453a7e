import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutPasswords } from './without-passwords.ts'

test('passwords in URLs are masked wherever they stand, and nothing else is', () => {
  assert.deepEqual(
    withoutPasswords({
      home: 'ftp://anna:s3cret@host/a:b@c',
      mounts: { '/far': { from: 'SFTP://bert:a%40b:c@host:22/x', readOnly: true } },
      groups: ['a:b@c'],
      quota: { bytes: 5 },
    }),
    {
      home: 'ftp://anna:****@host/a:b@c',
      mounts: { '/far': { from: 'SFTP://bert:****@host:22/x', readOnly: true } },
      groups: ['a:b@c'],
      quota: { bytes: 5 },
    },
  )
})

test('a password with @ in it goes as a whole', () => {
  assert.equal(withoutPasswords('ftp://anna:s3@cret@host/x'), 'ftp://anna:****@host/x')
  assert.equal(
    withoutPasswords('ftp://anna@site.example:s3cret@host/x'),
    'ftp://anna@site.example:****@host/x',
  )
})

test('a URL without a password, a user without one, and no URL stay as they are', () => {
  for (const text of ['ftp://host/x', 'sftp://anna@host/x', '/srv/a:b@c', 'account anna:x@y'])
    assert.equal(withoutPasswords(text), text)
})
