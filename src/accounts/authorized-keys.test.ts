import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAuthorizedKeys } from './authorized-keys.ts'

const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIBXcyNbVsvbNhCbS+NUMgwCNbMlmhbTGPtQtnVJ4bBZx'

test('keys are read with what is said of them; comments and empty lines are not', () => {
  const { keys, problems } = parseAuthorizedKeys(
    `# mine\n\nssh-ed25519 ${key} anna at home\r\nrestrict,command="internal-sftp",no-pty ssh-ed25519 ${key}\n`,
  )
  assert.deepEqual(problems, [])
  assert.deepEqual(
    keys.map(({ kind, remark }) => [kind, remark]),
    [
      ['ssh-ed25519', 'anna at home'],
      ['ssh-ed25519', ''],
    ],
  )
  assert.equal(Buffer.from(keys[0]?.blob ?? []).toString('base64'), key)
})

test('a restriction that would not be kept is a problem, and the key is not taken', () => {
  for (const option of [
    'cert-authority',
    'from="10.0.0.0/8"',
    'command="rsync --server"',
    'command="echo a b,c"',
    'expiry-time="20300101"',
    'no-pty,from="a b"',
    'principals="x"',
  ]) {
    const { keys, problems } = parseAuthorizedKeys(`\n${option} ssh-ed25519 ${key}`)
    assert.deepEqual(keys, [], option)
    assert.match(
      problems[0] ?? '',
      /^line 2: the option (?:cert-authority|from|command|expiry-time|principals) /u,
    )
  }
})

test('what is no key is told with its line', () => {
  for (const [line, why] of [
    ['hello', /no public key/],
    [`ssh-rsa ${key}`, /not of the kind ssh-rsa/],
    [`ssh-ed25519 ${'A'.repeat(20_000)}`, /longer/],
    ['-----BEGIN OPENSSH PRIVATE KEY-----', /no public key/],
  ] as const) {
    const { keys, problems } = parseAuthorizedKeys(line)
    assert.deepEqual(keys, [])
    assert.match(problems[0] ?? '', why)
  }
})
