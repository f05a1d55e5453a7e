import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Accounts } from '../core/account.ts'
import { memoryStore } from '../stores/memory.ts'
import { attemptOf, conformsAccounts } from '../testing/conforms-accounts.ts'
import { chainAccounts } from './chain.ts'
import { memoryAccounts } from './memory.ts'

conformsAccounts('chain', async (people, clock) => {
  const all = people.map((person) => ({ ...person, home: memoryStore() }))
  const accounts = [all.slice(0, 1), all.slice(1)].map((some) => memoryAccounts(some, clock))
  return { accounts: chainAccounts(accounts), end: async () => undefined }
})

test('accounts that cannot answer let in nobody, also not through those behind', async () => {
  const broken: Accounts = { verify: async () => Promise.reject(new Error('gone')) }
  const anna = memoryAccounts([{ name: 'anna', password: 'secret', home: memoryStore() }])
  await assert.rejects(chainAccounts([broken, anna]).verify(attemptOf('anna', 'secret')), /gone/u)
  assert.equal((await chainAccounts([anna, broken]).verify(attemptOf('anna', 'secret'))).kind, 'accept')
})

test('a refusal says what was wrong for those who know the user, wherever they stand', async () => {
  const lists = ['anna', 'bert'].map((name) =>
    memoryAccounts([{ name, password: 'secret', home: memoryStore() }]),
  )
  const chain = chainAccounts(lists)
  for (const [user, rule] of [
    ['anna', 'credentials'],
    ['bert', 'credentials'],
    ['carl', 'unknown user'],
  ] as const) {
    const verdict = await chain.verify(attemptOf(user, 'wrong'))
    assert.equal(verdict.kind === 'refuse' && verdict.rule, rule, user)
  }
})
