import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Ledger } from '../core/ledger.ts'
import { FakeClock } from './fake-clock.ts'

/** A ledger made for one case, and what ends it. */
export interface LedgerWorld {
  readonly ledger: Ledger
  end(): Promise<void>
}

/** Judges a Ledger driver. Its time must be the clock that it is given. */
export function conformsLedger(name: string, make: (clock: FakeClock) => Promise<LedgerWorld>): void {
  const ledgerTest = (title: string, run: (ledger: Ledger, clock: FakeClock) => Promise<void>): void => {
    void test(title, async () => {
      const clock = new FakeClock()
      const world = await make(clock)
      try {
        await run(world.ledger, clock)
      } finally {
        await world.end()
      }
    })
  }

  void describe(`${name} conforms to Ledger:`, () => {
    ledgerTest('what was never added to is 0', async (ledger) => {
      assert.equal(await ledger.read('a'), 0)
    })

    ledgerTest('amounts add up, each key for itself', async (ledger) => {
      assert.equal(await ledger.add('a', 2), true)
      assert.equal(await ledger.add('a', 3), true)
      assert.equal(await ledger.add('b', 1), true)
      assert.equal(await ledger.add('a', -4), true)
      assert.deepEqual([await ledger.read('a'), await ledger.read('b')], [1, 1])
    })

    ledgerTest('up to the ceiling it adds, past it nothing', async (ledger) => {
      assert.equal(await ledger.add('a', 3, 3), true)
      assert.equal(await ledger.add('a', 1, 3), false)
      assert.equal(await ledger.read('a'), 3)
      assert.equal(await ledger.add('a', -1, 0), true)
      assert.equal(await ledger.read('a'), 2)
    })

    ledgerTest('a thousand adds at once never go past the ceiling', async (ledger) => {
      const added = await Promise.all(Array.from({ length: 1000 }, () => ledger.add('a', 1, 100)))
      assert.equal(added.filter(Boolean).length, 100)
      assert.equal(await ledger.read('a'), 100)
    })

    ledgerTest('a counter can be set, for ever or for a while', async (ledger, clock) => {
      await ledger.set('a', 5)
      await ledger.set('b', 7, 1000)
      assert.deepEqual([await ledger.read('a'), await ledger.read('b')], [5, 7])
      await clock.advance(1000)
      assert.deepEqual([await ledger.read('a'), await ledger.read('b')], [5, 0])
    })

    ledgerTest('adding to a counter that is over begins anew', async (ledger, clock) => {
      await ledger.set('a', 7, 1000)
      assert.equal(await ledger.add('a', 1), true)
      assert.equal(await ledger.read('a'), 8)
      await clock.advance(1000)
      assert.equal(await ledger.add('a', 1, 1), true)
      assert.equal(await ledger.read('a'), 1)
    })
  })
}
