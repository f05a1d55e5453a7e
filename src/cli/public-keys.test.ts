import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { blobOf } from '../ssh/public-key.ts'
import { Writer } from '../ssh/wire/writer.ts'
import { publicKeysIn } from './public-keys.ts'

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const blob = Buffer.from(blobOf(publicKey))
const line = `ssh-ed25519 ${blob.toString('base64')} anna`

test('keys that can let somebody in are taken', () => {
  const { keys, problems } = publicKeysIn(`\ufeff${line}\r\n# mine\r\n${line}`)
  assert.deepEqual(problems, [])
  assert.deepEqual(
    keys.map(({ line: number }) => number),
    [1, 3],
  )
})

test('a key that could let nobody in is told with its line', () => {
  const small = Buffer.from(blobOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey))
  const dsa = Buffer.from(new Writer().string('ssh-dss').string('more').done())
  const certificate = Buffer.from(new Writer().string('ssh-ed25519-cert-v01@openssh.com').string('x').done())
  const text = [
    line,
    `ssh-ed25519 ${blob.subarray(0, 40).toString('base64')}`,
    `ssh-rsa ${small.toString('base64')} old`,
    `ssh-dss ${dsa.toString('base64')}`,
    `ssh-ed25519-cert-v01@openssh.com ${certificate.toString('base64')}`,
  ].join('\n')
  const { problems } = publicKeysIn(text)
  assert.deepEqual(problems, [
    'line 2: this key is cut off, or broken: copy it anew, as one line',
    'line 3: RSA keys below 2048 bits are not taken',
    'line 4: keys of the kind ssh-dss are not taken',
    'line 5: a certificate and no key: let its authority in (--ssh-ca), or the key that it is for',
  ])
})

test('a file of another kind is told once, with what to do', () => {
  for (const [text, why] of [
    [privateKey.export({ type: 'pkcs8', format: 'pem' }), /^a private key/u],
    ['PuTTY-User-Key-File-3: ssh-ed25519\n', /^a private key/u],
    ['---- BEGIN SSH2 PUBLIC KEY ----\nComment: x\n', /RFC 4716.*ssh-keygen -i -f/u],
    [publicKey.export({ type: 'spki', format: 'pem' }), /-m PKCS8/u],
    ['-----BEGIN RSA PUBLIC KEY-----\n', /-m PEM/u],
    ['SSHKRL\n\0\0', /fingerprints/u],
    [line.split('').join('\0'), /UTF-16/u],
    [`\udcff\udcfe${line.split('').join('\0')}\0`, /UTF-16/u],
  ] as const) {
    const { keys, problems } = publicKeysIn(text.toString())
    assert.deepEqual(keys, [])
    assert.equal(problems.length, 1)
    assert.match(problems[0] ?? '', why)
  }
})
