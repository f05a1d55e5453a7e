import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test, type TestContext } from 'node:test'
import type { Attempt } from '../core/account.ts'
import { DatabaseError, openDatabase } from '../database/database.ts'
import { memoryStore } from '../stores/memory.ts'
import { attemptOf, conformsAccounts } from '../testing/conforms-accounts.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { nameOfKey, plainFingerprint } from './judge.ts'
import { passwords, type Lane, type Passwords } from './passwords.ts'
import { codeAt, parseSecret } from './totp.ts'
import { Register, SettingsError } from './register.ts'
import { sqliteAccounts } from './sqlite.ts'

const cheap = { memory: 16, passes: 1 }

function world(path = ':memory:', clock = new FakeClock()) {
  const database = openDatabase(path)
  const register = new Register(database)
  const hashing = passwords({ cost: cheap })
  const accounts = sqliteAccounts({ register, passwords: hashing, clock, home: async () => memoryStore() })
  return { database, register, hashing, accounts, clock }
}

conformsAccounts('sqlite', async (people, clock) => {
  const database = openDatabase(':memory:')
  const register = new Register(database)
  const hashing = passwords({ cost: cheap })
  for (const { name, password, keys = [], certificates = [], totp, needs } of people) {
    register.add(
      name,
      password === undefined ? undefined : await hashing.hash(password),
      needs === undefined ? {} : { needs },
    )
    for (const key of keys) register.addKey(name, { kind: 'key', name: nameOfKey(key), remark: '' })
    for (const one of certificates)
      register.addKey(name, { kind: 'certificate', name: plainFingerprint(one), remark: '' })
    if (totp !== undefined) register.setTotp(name, totp)
  }
  const accounts = sqliteAccounts({ register, passwords: hashing, clock, home: async () => memoryStore() })
  return { accounts, end: async () => database.close() }
})

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-db-'))
  t.after(() => rm(folder, { recursive: true }))
  return join(folder, 'ferry.db')
}

test('an account says when, whence and how it is let in, and the reason names the rule', async () => {
  const { register, hashing, accounts, clock } = world()
  register.add('anna', await hashing.hash('secret'), {
    protocols: ['sftp'],
    networks: ['10.0.0.0/8'],
    expires: '2026-11-22',
  })
  const attempt: Attempt = {
    ...attemptOf('anna', 'secret'),
    protocol: 'sftp',
    peer: { address: '10.1.2.3', port: 5 },
  }
  const rule = async (how: Attempt) => {
    const verdict = await accounts.verify(how)
    return verdict.kind === 'refuse' ? verdict.rule : verdict.kind
  }
  assert.equal(await rule(attempt), 'accept')
  assert.equal(await rule({ ...attempt, protocol: 'ftp' }), 'protocols')
  assert.equal(await rule({ ...attempt, peer: { address: '192.0.2.1', port: 5 } }), 'networks')
  assert.equal(
    await rule({ ...attempt, protocol: 'ftp', proof: { kind: 'password', password: 'x' } }),
    'credentials',
  )
  await clock.advance(2 * 86_400_000)
  assert.equal(await rule(attempt), 'expires')
  register.setSettings('anna', { hours: ['Mon-Sun 25:00-26:00'].slice(1), disabled: true })
  assert.equal(await rule(attempt), 'disabled')
})

test('what an account does not say its groups do, the first before the second', async () => {
  const { register, hashing, accounts } = world()
  register.setGroup('staff', { readOnly: true, sessions: 2 })
  register.setGroup('all', { sessions: 9, quota: { bytes: '1 MB' } })
  register.add('anna', await hashing.hash('secret'), { groups: ['staff', 'all'], readOnly: false })
  const verdict = await accounts.verify(attemptOf('anna', 'secret'))
  assert.ok(verdict.kind === 'accept')
  assert.equal(verdict.account.readOnly, false)
  assert.equal(verdict.account.sessions, 2)
  assert.deepEqual(verdict.account.rules, { quota: { bytes: 1_000_000 } })
  register.removeGroup('staff')
  await assert.rejects(async () => accounts.verify(attemptOf('anna', 'secret')), SettingsError)
})

test('a hash of another server lets in and is made new, once', async () => {
  const { register, accounts } = world()
  register.add('anna', '$1$ab$e2KlfqG5YBMTjSz7XF.Eu1', {})
  assert.equal((await accounts.verify(attemptOf('anna', 'wrong'))).kind, 'refuse')
  assert.match(register.find('anna')?.password ?? '', /^\$1\$/u)
  assert.equal((await accounts.verify(attemptOf('anna', 'x'))).kind, 'accept')
  const renewed = register.find('anna')?.password ?? ''
  assert.match(renewed, /^\$argon2id\$/u)
  assert.equal((await accounts.verify(attemptOf('anna', 'x'))).kind, 'accept')
  assert.equal(register.find('anna')?.password, renewed)
})

test('a database that cannot be written still lets in who is right, and never by a used code', async (t) => {
  const path = await temporary(t)
  const { database, register, accounts, clock } = world(path)
  register.add('anna', '$1$ab$e2KlfqG5YBMTjSz7XF.Eu1', {})
  register.add('coded', '$1$ab$e2KlfqG5YBMTjSz7XF.Eu1', {})
  register.setTotp('coded', 'GEZDGNBVGY3TQOJQ')
  const other = new DatabaseSync(path)
  other.exec('BEGIN IMMEDIATE')
  assert.equal((await accounts.verify(attemptOf('anna', 'x'))).kind, 'accept')
  const code = codeAt(parseSecret('GEZDGNBVGY3TQOJQ') ?? new Uint8Array(), clock.now())
  await assert.rejects(accounts.verify(attemptOf('coded', `x${code}`)), DatabaseError)
  other.exec('ROLLBACK')
  other.close()
  assert.equal((await accounts.verify(attemptOf('coded', `x${code}`))).kind, 'accept')
  assert.match(register.find('anna')?.password ?? '', /^\$1\$/u)
  database.close()
})

test('anonymous is who the account says, and reads only', async () => {
  const { register, accounts } = world()
  assert.equal((await accounts.verify(attemptOf('ftp', 'x'))).kind, 'refuse')
  register.add('anonymous', undefined, { anonymous: true })
  for (const user of ['anonymous', 'FTP']) {
    const verdict = await accounts.verify(attemptOf(user, ''))
    assert.ok(verdict.kind === 'accept' && verdict.account.readOnly)
  }
  assert.equal((await accounts.verify(attemptOf('anna', ''))).kind, 'refuse')
})

test('settings that mean nothing are refused before they are kept', () => {
  const { register } = world()
  assert.throws(
    () => register.add('anna', undefined, { sesions: 3 }),
    /sesions is no setting \(is sessions meant/u,
  )
  assert.equal(register.find('anna'), undefined)
})

test('the file is for nobody else, and what was committed is there when it is opened again', async (t) => {
  const path = await temporary(t)
  const first = world(path)
  first.register.add('anna', undefined, { sessions: 1 })
  first.register.setTotp('anna', 'GEZDGNBVGY3TQOJQ')
  assert.equal(first.register.takeStep('anna', 5), true)
  first.database.close()
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  const second = world(path)
  assert.deepEqual(second.register.find('anna')?.said, { sessions: 1 })
  assert.equal(second.register.takeStep('anna', 5), false)
  second.database.close()
})

test('a database that is newer, damaged, locked or not there is told apart, in words', async (t) => {
  const path = await temporary(t)
  const { database, register } = world(path)
  register.add('anna', undefined, {})
  const other = new DatabaseSync(path)
  other.exec('BEGIN IMMEDIATE')
  assert.equal(
    trouble(() => register.add('bert', undefined, {})),
    'locked',
  )
  // Who only reads does not wait for who writes.
  assert.equal(register.find('anna')?.name, 'anna')
  other.exec('ROLLBACK; PRAGMA user_version = 99')
  other.close()
  database.close()
  assert.equal(
    trouble(() => openDatabase(path)),
    'newer',
  )
  await rm(path)
  await rm(`${path}-wal`, { force: true })
  await writeFile(path, 'this is no database at all, whatever it is called'.repeat(100))
  assert.equal(
    trouble(() => openDatabase(path)),
    'damaged',
  )
  assert.equal(
    trouble(() => openDatabase(join(path, 'below', 'a', 'file'))),
    'unreachable',
  )
})

function trouble(open: () => unknown): string {
  try {
    open()
  } catch (thrown) {
    return thrown instanceof DatabaseError ? thrown.trouble : String(thrown)
  }
  return 'none'
}

test('who guessed a moment ago is checked behind all others, and who got in before them, each from their network', async () => {
  const { register, hashing } = world()
  register.add('anna', await hashing.hash('secret'), {})
  const lanes: Lane[] = []
  const noting: Passwords = {
    ...hashing,
    verify: (password, stored, lane = 'new') => {
      lanes.push(lane)
      return hashing.verify(password, stored, lane)
    },
  }
  const accounts = sqliteAccounts({ register, passwords: noting, home: async () => memoryStore() })
  for (const password of ['wrong', 'secret', 'secret']) await accounts.verify(attemptOf('anna', password))
  await accounts.verify({ ...attemptOf('anna', 'secret'), peer: { address: '203.0.113.9', port: 5 } })
  assert.deepEqual(lanes, ['new', 'guessed', 'known', 'new'])
})
