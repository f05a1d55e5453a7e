import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conformsLedger } from '../testing/conforms-ledger.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { leases } from './leases.ts'
import { memoryLedger } from './memory.ts'

conformsLedger('a ledger of leases', async (clock) => ({
  ledger: leases(memoryLedger(clock)),
  end: async () => undefined,
}))

test('what a member had is free when it is gone, and what others have is not', async () => {
  const all = memoryLedger(new FakeClock())
  const [one, other] = [leases(all), leases(all)]
  await one.add('connections', 1, 3)
  await one.add('connections', 1, 3)
  await one.add('sessions of anna', 1)
  await one.add('sessions of anna', -1)
  await other.add('connections', 1, 3)
  assert.equal(await other.add('connections', 1, 3), false)
  await one.giveBack()
  assert.equal(await all.read('connections'), 1)
  assert.equal(all.size, 1)
})

test('what is counted for a member while it goes is given back as well', async () => {
  const all = memoryLedger(new FakeClock())
  const one = leases(all)
  const late = one.add('connections', 1)
  await one.giveBack()
  await late
  assert.equal(await one.add('connections', 1), false)
  assert.equal(await all.read('connections'), 0)
})
