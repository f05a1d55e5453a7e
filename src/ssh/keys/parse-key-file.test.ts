import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import * as fc from 'fast-check'
import { ProtocolError } from '../../core/error.ts'
import { decodeText } from '../../core/text.ts'
import { bcryptKey } from './bcrypt-kdf.ts'
import { parseKeyFile } from './parse-key-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'ferry-keys-'))
after(() => rm(folder, { recursive: true }))

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined

const kinds = [
  ['ed25519', '256'],
  ['ecdsa', '256'],
  ['ecdsa', '384'],
  ['ecdsa', '521'],
  ['rsa', '2048'],
] as const

/** The key in the file, tried: what it signs its public half takes. */
function opened(text: string, passphrase?: string): KeyObject {
  const file = parseKeyFile(text)
  if (file.kind === 'locked') assert.equal(file.unlock(`not ${passphrase}`), undefined)
  const key = file.kind === 'open' ? file.key : file.unlock(passphrase ?? '')
  assert.ok(key)
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  assert.ok(verify(hash, Buffer.from('data'), createPublicKey(key), sign(hash, Buffer.from('data'), key)))
  return key
}

/** Asserts that a key is the one whose public half stands in a `.pub` file. */
function isOf(key: KeyObject, path: string): void {
  const [, blob = ''] = readFileSync(`${path}.pub`, 'utf8').split(' ')
  const { x = '', n = x } = createPublicKey(key).export({ format: 'jwk' })
  assert.ok(Buffer.from(blob, 'base64').includes(Buffer.from(n, 'base64url')), path)
}

test('bcrypt_pbkdf gives what the one of OpenBSD gives', () => {
  // The first of the vectors that are passed round with the algorithm.
  const key = bcryptKey(Buffer.from('password'), Buffer.from('salt'), 4, 32)
  assert.equal(
    Buffer.from(key).toString('hex'),
    '5bbf0cc293587f1c3635555c27796598d47e579071bf427e9d8fbe842aba34d9',
  )
})

const without = (program: string): { skip: string | false } => ({
  skip: has(program) ? false : `${program} is not installed`,
})

test('keys of ssh-keygen open, of each kind, plain and locked', without('ssh-keygen'), () => {
  for (const [kind, bits] of kinds) {
    for (const passphrase of ['', 'open sesame']) {
      const path = join(folder, `${kind}-${bits}-${passphrase.length}`)
      const words = ['-q', '-t', kind, '-b', bits, '-N', passphrase, '-C', 'a comment', '-a', '4', '-f', path]
      execFileSync('ssh-keygen', words)
      isOf(opened(readFileSync(path, 'utf8'), passphrase), path)
    }
  }
})

test('the ciphers that ssh-keygen -Z offers open', without('ssh-keygen'), () => {
  const chacha = 'chacha20-poly1305@openssh.com'
  for (const cipher of ['aes128-ctr', 'aes256-cbc', 'aes256-gcm@openssh.com', '3des-cbc', chacha]) {
    const path = join(folder, `cipher-${cipher}`)
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-a', '2', '-Z', cipher, '-f', path])
    isOf(opened(readFileSync(path, 'utf8'), 'secret'), path)
  }
})

test('keys of puttygen open, version 2 and 3, plain and locked', without('puttygen'), () => {
  for (const [kind, bits] of kinds) {
    const path = join(folder, `putty-${kind}-${bits}`)
    execFileSync('ssh-keygen', ['-q', '-t', kind, '-b', bits, '-N', '', '-f', path])
    for (const version of ['2', '3']) {
      for (const passphrase of ['', 'open sesame']) {
        const secret = join(folder, 'passphrase')
        writeFileSync(secret, passphrase)
        const made = `${path}-${version}-${passphrase.length}.ppk`
        const parameters = `version=${version},memory=64,passes=1`
        const words = [path, '-O', 'private', '-o', made, '--ppk-param', parameters]
        execFileSync('puttygen', [...words, '--new-passphrase', secret])
        isOf(opened(readFileSync(made, 'utf8'), passphrase), path)
      }
    }
  }
})

test('keys as PEM open, of each kind, plain and locked', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  for (const type of ['pkcs8', 'sec1'] as const) {
    assert.ok(opened(privateKey.export({ type, format: 'pem' }).toString()).equals(privateKey))
    const locked = privateKey.export({ type, format: 'pem', cipher: 'aes-128-cbc', passphrase: 'secret' })
    assert.ok(opened(locked.toString(), 'secret').equals(privateKey))
  }
})

test(
  'a key of PuTTY whose comment is in letters of Windows opens, also behind a byte order mark',
  without('puttygen'),
  () => {
    const path = join(folder, 'latin')
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path])
    writeFileSync(join(folder, 'none'), '')
    // puttygen takes the bytes of its words as they come, and node has no other way to say them.
    execFileSync(
      'sh',
      ['-c', 'puttygen latin -O private -o latin.ppk -C "$(printf "Schl\\374ssel")" --new-passphrase none'],
      {
        cwd: folder,
      },
    )
    const bytes = readFileSync(`${path}.ppk`)
    assert.equal(bytes.includes('Schl\u00fcssel', 0, 'latin1'), true)
    isOf(opened(decodeText(bytes)), path)
    isOf(opened(`\ufeff\n${decodeText(bytes)}`), path)
  },
)

function pkcs8(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}

test('PEM of a kind that SSH has no keys of is refused by its name', () => {
  const dsa = generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey
  const koblitz = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey
  assert.throws(() => parseKeyFile(pkcs8(dsa)), new ProtocolError('keys of the kind dsa are not taken'))
  assert.throws(() => parseKeyFile(pkcs8(pss)), new ProtocolError('keys of the kind rsa-pss are not taken'))
  assert.throws(
    () => parseKeyFile(pkcs8(koblitz)),
    new ProtocolError('keys of the kind secp256k1 are not taken'),
  )
  const locked = dsa.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' })
  const found = parseKeyFile(locked.toString())
  assert.equal(found.kind, 'locked')
  assert.equal(found.unlock('wrong'), undefined)
  assert.throws(() => found.unlock('x'), ProtocolError)
})

test('what is no private key says what it is', () => {
  assert.throws(() => parseKeyFile('ssh-ed25519 AAAA comment'), /without \.pub/u)
  assert.throws(() => parseKeyFile('hello'), ProtocolError)
  assert.throws(() => parseKeyFile('x'.repeat(100_000)), ProtocolError)
})

test('fuzz: a broken key file is refused, and never more', () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const heads = [
    '-----BEGIN OPENSSH PRIVATE KEY-----\n',
    'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPublic-Lines: 1\n',
    pem.slice(0, 40),
  ]
  const body = fc.uint8Array({ maxLength: 200 }).map((bytes) => {
    const magic = Buffer.from('openssh-key-v1\0')
    return Buffer.concat([magic, bytes]).toString('base64')
  })
  fc.assert(
    fc.property(fc.constantFrom(...heads), body, (head, text) => {
      const whole = `${head}${text}\n-----END OPENSSH PRIVATE KEY-----\nPrivate-Lines: 1\n${text}\nPrivate-MAC: 00`
      assert.throws(() => parseKeyFile(whole), ProtocolError)
    }),
    { numRuns: 2000, seed: 20_261_125 },
  )
})
