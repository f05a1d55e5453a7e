import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Attempt } from '../core/account.ts'
import { memoryStore } from '../stores/memory.ts'
import { conformsAccounts } from '../testing/conforms-accounts.ts'
import { memoryAccounts } from './memory.ts'

const home = memoryStore()

conformsAccounts('memory accounts', async () => ({
  accounts: memoryAccounts([{ name: 'anna', password: 'secret', home }]),
  end: async () => undefined,
}))

function attempt(user: string, proof: Attempt['proof']): Attempt {
  return { protocol: 'ftp', peer: { address: '192.0.2.1', port: 5000 }, secure: false, user, proof }
}

test('RFC 1635 anonymous: the users anonymous and ftp get in with any password, and no other user does', async () => {
  const accounts = memoryAccounts([{ name: 'guests', anonymous: true, home, readOnly: true }])
  for (const user of ['anonymous', 'ftp', 'Anonymous', 'FTP']) {
    const verdict = await accounts.verify(attempt(user, { kind: 'password', password: 'me@example.org' }))
    assert.equal(verdict.kind === 'accept' && verdict.account.name, 'guests')
  }
  assert.equal((await accounts.verify(attempt('anonymous', { kind: 'none' }))).kind, 'accept')
  assert.equal((await accounts.verify(attempt('guests', { kind: 'password', password: 'x' }))).kind, 'refuse')
})

test('without a public account nobody is anonymous', async () => {
  const accounts = memoryAccounts([{ name: 'anna', password: 'secret', home }])
  assert.equal(
    (await accounts.verify(attempt('anonymous', { kind: 'password', password: 'x' }))).kind,
    'refuse',
  )
})

test('an account is as it was written down, with the usual values for the rest', async () => {
  const accounts = memoryAccounts([
    { name: 'anna', password: 'secret', home, uploads: 'in-place', sessions: 2 },
  ])
  const verdict = await accounts.verify(attempt('anna', { kind: 'password', password: 'secret' }))
  assert.ok(verdict.kind === 'accept')
  const { uploads, sessions, readOnly, rights } = verdict.account
  assert.deepEqual(
    { uploads, sessions, readOnly, rights },
    { uploads: 'in-place', sessions: 2, readOnly: false, rights: [] },
  )
})

test('an account that nobody could use is refused when it is made', () => {
  assert.throws(() => memoryAccounts([{ name: 'anna', home }]), /anna/)
})
