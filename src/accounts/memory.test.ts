import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath } from '../core/path.ts'
import { memoryStore } from '../stores/memory.ts'
import { attemptOf, conformsAccounts } from '../testing/conforms-accounts.ts'
import { memoryAccounts, type MemoryAccount } from './memory.ts'

const home = memoryStore()
const anna: MemoryAccount = { name: 'anna', password: 'secret', home }
const guest: MemoryAccount = { name: 'visitor', anonymous: true, home }

conformsAccounts('memory', async (people, clock) => ({
  accounts: memoryAccounts(
    people.map((person) => ({ ...person, home: memoryStore() })),
    clock,
  ),
  end: async () => undefined,
}))

async function enter(list: readonly MemoryAccount[], user: string, password: string) {
  const verdict = await memoryAccounts(list).verify(attemptOf(user, password))
  return verdict.kind === 'accept' ? verdict.account : undefined
}

test('what an account leaves out has its usual value, and the password is not part of what others see', async () => {
  const account = await enter([anna], 'anna', 'secret')
  assert.deepEqual({ ...account }, { name: 'anna', home, readOnly: false, rights: [], uploads: 'atomic' })
})

test('what an account says is what it is', async () => {
  const said = {
    readOnly: true,
    rights: [{ path: parsePath('/in'), allow: ['list', 'create'] }],
    uploads: 'in-place',
    sessions: 3,
  } as const
  assert.deepEqual(
    { ...(await enter([{ ...anna, ...said }], 'anna', 'secret')) },
    { name: 'anna', home, ...said },
  )
})

test('RFC 1635 anonymous: the users anonymous and ftp get in with any password, and no other user does', async () => {
  const accounts = memoryAccounts([anna, guest])
  for (const user of ['anonymous', 'ftp', 'Anonymous', 'FTP']) {
    for (const password of ['guest', 'me@example.net', '', 'x'.repeat(5000)]) {
      const verdict = await accounts.verify(attemptOf(user, password))
      assert.equal(verdict.kind === 'accept' && verdict.account.name, 'visitor')
    }
    const verdict = await accounts.verify({ ...attemptOf(user, ''), proof: { kind: 'none' } })
    assert.equal(verdict.kind, 'accept')
  }
})

test('an anonymous account lets in nobody else, whatever is shown', async () => {
  const accounts = memoryAccounts([anna, guest])
  for (const user of ['visitor', 'anonymou', 'anonymous ', 'ftps', '', 'anna']) {
    assert.equal((await accounts.verify(attemptOf(user, 'wrong'))).kind, 'refuse', user)
  }
  const key = { kind: 'key', algorithm: 'ssh-ed25519', key: new Uint8Array(32), signed: true } as const
  assert.equal((await accounts.verify({ ...attemptOf('ftp', ''), proof: key })).kind, 'refuse')
})

test('without an anonymous account nobody is anonymous', async () => {
  for (const user of ['anonymous', 'ftp']) assert.equal(await enter([anna], user, 'guest'), undefined)
})

test('accounts that could never be used, or only one for another, are refused when they are made', () => {
  const wrong: readonly (readonly MemoryAccount[])[] = [
    [{ name: 'anna', home }],
    [{ ...anna, password: '' }],
    [{ ...anna, name: '' }],
    [{ ...anna, password: 'x'.repeat(1025) }],
    [{ ...anna, name: 'x'.repeat(1025) }],
    [anna, { ...anna, password: 'another' }],
    [guest, guest],
    [anna, { ...guest, name: 'anna' }],
    [{ ...guest, password: 'secret' }],
    [guest, { ...anna, name: 'FTP' }],
    [{ ...anna, name: 'anonymous' }, guest],
  ]
  for (const list of wrong) assert.throws(() => memoryAccounts(list), Error, JSON.stringify(list))
  memoryAccounts([{ ...anna, name: 'ftp' }])
  memoryAccounts([anna, { ...guest, name: 'anonymous' }])
})
