import assert from 'node:assert/strict'
import crypto, { createHash } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { test } from 'node:test'
import { isKnownHash, passwords } from './passwords.ts'

const cheap = { memory: 64, passes: 1 }

/** Made by other programs: openssl passwd, Python's crypt, passlib, SFTPGo, htpasswd. */
const foreign: readonly [hash: string, password: string][] = [
  ['$1$ab$e2KlfqG5YBMTjSz7XF.Eu1', 'x'],
  ['$1$saltsalt$TmzmRwKGJnpCrkkZB.AJv0', long()],
  ['$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0', 'secret'],
  ['$5$ab$5ydlOaPxAq0VpamGFK.BZgHF7HlR0erJsH.F7VB19f0', 'x'],
  ['$5$saltsalt$l1RwgetyNM3UfBuS5rODwrUZHeIQC5jOFV4Adf5yY./', long()],
  ['$6$ab$jnZj29NS/hK2GaouP6AGMIBwD6owZFRejcn9QRdlwSjZaVr.fR9dH2TXrKL/PaacUXwtGfI.4O9zxvy2k6fbE1', 'x'],
  [
    '$6$saltsalt$L2Gk8LxRQ7MXV96QD9BiLtBXh9Y2.FGh47muj4yd1Bwm5P1saqw0FjxfLL8vLRgxIsjTlN9d.IncWq5WDCzl1/',
    long(),
  ],
  [
    '$6$rounds=1234$abcdefgh$JYy1Bl2SyLJWf33X/ypLFfV0PTI7kUcSv1KagEAuF6T.jEole3EQfDDZRy9BRYEi9Zd6aYdRKWdcJwCEXNseD1',
    'secret',
  ],
  ['{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=', 'secret'],
  [`{SSHA}${ssha('secret')}`, 'secret'],
  // The first test vector of RFC 7914 §12, in PHC form.
  [
    `$scrypt$ln=10,r=8,p=16$${Buffer.from('NaCl').toString('base64')}$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA`,
    'password',
  ],
  // RFC 7914 §11: PBKDF2-HMAC-SHA-256 of passwd and salt, one round; as passlib and as SFTPGo write it.
  ['$pbkdf2-sha256$1$c2FsdA$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLw', 'passwd'],
  ['$pbkdf2-sha256$1$salt$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLw=', 'passwd'],
  ['$pbkdf2-b64salt-sha256$1$c2FsdA==$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLw=', 'passwd'],
]

function long(): string {
  return 'pässwörd lang enough to be more than one block of sixty-four bytes, and then some'
}

function ssha(password: string): string {
  const digest = createHash('sha1').update(`${password}salt`).digest()
  return Buffer.concat([digest, Buffer.from('salt')]).toString('base64')
}

test('a hash is good for its password and no other, and no two are the same', async () => {
  const store = passwords({ cost: cheap })
  const hash = await store.hash('secret')
  assert.match(hash, /^\$argon2id\$v=19\$m=64,t=1,p=1\$/u)
  assert.notEqual(await store.hash('secret'), hash)
  assert.equal(await store.verify('secret', hash), 'right')
  for (const wrong of ['', 'Secret', 'secret ', 'secret\0'])
    assert.equal(await store.verify(wrong, hash), 'wrong')
})

test('a hash that was cheaper than today’s is right and weak', async () => {
  const hash = await passwords({ cost: cheap }).hash('secret')
  const today = passwords({ cost: { memory: 128, passes: 1 } })
  assert.equal(await today.verify('secret', hash), 'weak')
  assert.equal(await today.verify('wrong', hash), 'wrong')
  assert.equal(await passwords({ cost: { memory: 32, passes: 1 } }).verify('secret', hash), 'right')
})

test('hashes of other servers are right and weak, and only for their password', async () => {
  const store = passwords({ cost: cheap })
  for (const [hash, password] of foreign) {
    assert.ok(isKnownHash(hash), hash)
    assert.equal(await store.verify(password, hash), 'weak', hash)
    assert.equal(await store.verify(`${password}x`, hash), 'wrong', hash)
  }
})

test('bcrypt of every letter is read, and what it cannot tell apart is refused', async () => {
  const { hashSync } = await import('bcryptjs')
  const store = passwords({ cost: cheap })
  const hash = hashSync('pässwörd', 4)
  assert.equal(await store.verify('pässwörd', hash), 'weak')
  assert.equal(await store.verify('pässwörd', hash.replace('$2b$', '$2y$')), 'weak')
  assert.equal(await store.verify('p\udce4ssw\udcf6rd', hash), 'wrong')
  assert.equal(await store.verify('pässwörd\0x', hash), 'wrong')
})

test('what is no hash, or one that would take for ever, fails closed', async () => {
  const store = passwords({ cost: cheap })
  for (const stored of [
    '',
    'secret',
    '$6$rounds=999999$abcdefgh$' + 'a'.repeat(86),
    '$2b$31$' + 'a'.repeat(53),
    '$argon2id$v=19$m=9999999,t=2,p=1$c2FsdHNhbHQ$' + 'A'.repeat(43),
    '$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$AAAA',
    '$scrypt$ln=30,r=8,p=1$c2FsdA$' + 'A'.repeat(43),
    '$pbkdf2-sha256$99999999$c2FsdA$' + 'A'.repeat(43),
    '{SSHA}5en6G6MezRroT3XKqkdPOmY/BfQ=',
    '{SHA}AAAA',
  ]) {
    assert.equal(isKnownHash(stored), false, stored)
    assert.equal(await store.verify('secret', stored), 'wrong')
    assert.equal(await store.verify('', stored), 'wrong')
  }
})

test('few are computed at once, the rest waits, and what is beyond is turned away', async () => {
  const store = passwords({ cost: cheap, atOnce: 1, waiting: 2 })
  const all = await Promise.allSettled([1, 2, 3, 4, 5].map(() => store.hash('x')))
  assert.deepEqual(
    all.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'],
  )
  assert.equal(await store.verify('x', await store.hash('x')), 'right')
})

test('who got in lately waits for nobody who guesses, and who guesses does not wait for ever', async () => {
  const store = passwords({ cost: cheap, atOnce: 1 })
  const hash = await store.hash('secret')
  const done: string[] = []
  const check = async (name: string, lane: 'known' | 'new' | 'guessed') => {
    await store.verify('x', hash, lane)
    done.push(name)
  }
  await Promise.all([
    ...Array.from({ length: 20 }, () => check('guesser', 'guessed')),
    ...Array.from({ length: 20 }, () => check('stranger', 'new')),
    check('friend', 'known'),
  ])
  assert.equal(done.indexOf('friend'), 1)
  assert.ok(done.slice(0, 20).filter((name) => name === 'guesser').length >= 3)
  assert.ok(done.lastIndexOf('stranger') < 26)
})

test('a name that nobody has costs what a wrong password costs', async (t) => {
  const store = passwords({ cost: { memory: 128, passes: 3 } })
  const hash = await store.hash('secret')
  await store.pretend('wrong')
  const derive = t.mock.method(crypto, 'argon2')
  syncBuiltinESMExports()
  t.after(() => {
    derive.mock.restore()
    syncBuiltinESMExports()
  })
  assert.equal(await store.verify('wrong', hash), 'wrong')
  await store.pretend('wrong')
  const costs = derive.mock.calls.map(
    ({ arguments: [algorithm, { memory, passes, parallelism, tagLength }] }) => [
      algorithm,
      memory,
      passes,
      parallelism,
      tagLength,
    ],
  )
  const cost = ['argon2id', 128, 3, 1, 32]
  assert.deepEqual(costs, [cost, cost])
})
