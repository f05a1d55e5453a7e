import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProtocolError } from './error.ts'
import { ListingBudget } from './listing-budget.ts'
import { parsePath } from './path.ts'

const folder = parsePath('/folder')
const limits = { of: 'lines', most: 3, mostMebibytes: 1, canDecline: false } as const

test('what is listed is counted, and the first that is too much is an error about the folder', () => {
  const budget = new ListingBudget(folder, limits)
  budget.spend(50, 2)
  budget.spend(50, 1)
  assert.throws(() => budget.spend(0, 1), /listing of \/folder has more than 3 lines/u)
})

test('few names that fill the memory are not taken', () => {
  const budget = new ListingBudget(folder, { ...limits, of: 'names', most: undefined })
  budget.spend(1024 * 1024, 1)
  assert.throws(() => budget.spend(1, 1), /has more than 1 MiB of names/u)
})

test('it is told whether the session goes on behind it', () => {
  for (const canDecline of [true, false])
    assert.throws(
      () => new ListingBudget(folder, { ...limits, canDecline }).spend(0, 4),
      (thrown: unknown) => thrown instanceof ProtocolError && thrown.facts.connectionUsable === canDecline,
    )
})
