import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conformsLedger } from '../testing/conforms-ledger.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { memoryLedger } from './memory.ts'

conformsLedger('memory', async (clock) => ({ ledger: memoryLedger(clock), end: async () => undefined }))

test('a counter that is back at 0 is not kept, however it got there', async () => {
  const ledger = memoryLedger(new FakeClock())
  for (let client = 0; client < 1000; client += 1) {
    await ledger.add(`added ${client}`, 2)
    await ledger.add(`added ${client}`, -2)
    await ledger.set(`set ${client}`, 0, 1000)
    await ledger.add(`refused ${client}`, 1, 0)
    await ledger.read(`read ${client}`)
  }
  assert.equal(ledger.size, 0)
})

test('counters whose time is over are not kept, also when nobody asks for them again', async () => {
  const clock = new FakeClock()
  const ledger = memoryLedger(clock)
  await ledger.set('for ever', 1)
  for (let client = 0; client < 20_000; client += 1) {
    await ledger.set(`banned ${client}`, 1, 1000)
    if (client % 100 === 0) await clock.advance(1000)
  }
  assert.ok(ledger.size < 3000, `${ledger.size}`)
  assert.equal(await ledger.read('for ever'), 1)
})

test('counters whose time is not over are all kept', async () => {
  const ledger = memoryLedger(new FakeClock())
  for (let client = 0; client < 5000; client += 1) await ledger.set(`banned ${client}`, 1, 1000)
  assert.equal(ledger.size, 5000)
})
