import assert from 'node:assert/strict'
import type { Clock } from '../core/clock.ts'
import type { Ledger } from '../core/ledger.ts'
import { FakeClock } from './fake-clock.ts'
import { declare, nodeRunner, type SuiteOptions } from './runner.ts'

/** A ledger made for one case, and what ends it. */
export interface LedgerWorld {
  readonly ledger: Ledger
  end(): Promise<void>
}

/** Judges a Ledger: exact whatever happens at once, and forgetting when it is time. */
export function conformsLedger(
  name: string,
  make: (clock: Clock) => Promise<LedgerWorld>,
  options: SuiteOptions = {},
): void {
  const { runner = nodeRunner } = options
  const judge = (promise: string, run: (ledger: Ledger, clock: FakeClock) => Promise<void>): void => {
    declare(options, promise, async () => {
      const clock = new FakeClock()
      const world = await make(clock)
      try {
        await run(world.ledger, clock)
      } finally {
        await world.end()
      }
    })
  }
  runner.describe(`${name} conforms to Ledger:`, () => {
    judge('what nobody has counted is 0', async (ledger) => {
      assert.equal(await ledger.read('never'), 0)
    })
    judge('it adds and takes away, for each key on its own', async (ledger) => {
      assert.equal(await ledger.add('a', 3), true)
      assert.equal(await ledger.add('b', 10), true)
      assert.equal(await ledger.add('a', 4), true)
      assert.equal(await ledger.add('a', -2), true)
      assert.equal(await ledger.read('a'), 5)
      assert.equal(await ledger.read('b'), 10)
    })
    judge('any text is a key', async (ledger) => {
      const keys = [
        '',
        ' ',
        '__proto__',
        'constructor',
        'a\0b',
        'a',
        'A',
        'ä',
        'x'.repeat(1000),
        "'; drop",
        '%',
      ]
      for (const [at, key] of keys.entries()) await ledger.add(key, at + 1)
      for (const [at, key] of keys.entries()) assert.equal(await ledger.read(key), at + 1, key)
    })
    judge('up to the ceiling is added, past it nothing at all', async (ledger) => {
      assert.equal(await ledger.add('a', 2, 3), true)
      assert.equal(await ledger.add('a', 2, 3), false)
      assert.equal(await ledger.read('a'), 2)
      assert.equal(await ledger.add('a', 1, 3), true)
      assert.equal(await ledger.add('a', 1, 3), false)
      assert.equal(await ledger.read('a'), 3)
      assert.equal(await ledger.add('b', 1, 0), false)
      assert.equal(await ledger.read('b'), 0)
    })
    judge('what is given back is taken, also above the ceiling', async (ledger) => {
      await ledger.add('a', 10)
      assert.equal(await ledger.add('a', -1, 3), true)
      assert.equal(await ledger.read('a'), 9)
    })
    judge('of a thousand at once exactly as many are let in as there is room for', async (ledger) => {
      const welcome = await Promise.all(Array.from({ length: 1000 }, () => ledger.add('a', 1, 100)))
      assert.equal(welcome.filter(Boolean).length, 100)
      assert.equal(await ledger.read('a'), 100)
    })
    judge('a thousand who come and go at once leave nothing', async (ledger) => {
      const visit = async (): Promise<void> => {
        if (await ledger.add('a', 1, 10)) assert.equal(await ledger.add('a', -1), true)
      }
      await Promise.all(Array.from({ length: 1000 }, visit))
      assert.equal(await ledger.read('a'), 0)
    })
    judge('large sums are exact', async (ledger) => {
      const large = 2 ** 52
      assert.equal(await ledger.add('bytes', large, 2 ** 53 - 1), true)
      assert.equal(await ledger.add('bytes', 1, large), false)
      assert.equal(await ledger.add('bytes', 1, large + 1), true)
      assert.equal(await ledger.read('bytes'), large + 1)
    })
    judge('what is set is set, for ever if nothing else is said', async (ledger, clock) => {
      await ledger.add('a', 5)
      await ledger.set('a', 2)
      assert.equal(await ledger.read('a'), 2)
      await clock.advance(365 * 24 * 3_600_000)
      assert.equal(await ledger.read('a'), 2)
      await ledger.set('a', 0)
      assert.equal(await ledger.read('a'), 0)
    })
    judge('what is set for a while is gone when that is over, and not before', async (ledger, clock) => {
      await ledger.set('a', 7, 1000)
      await clock.advance(999)
      assert.equal(await ledger.read('a'), 7)
      await clock.advance(1)
      assert.equal(await ledger.read('a'), 0)
    })
    judge(
      'to add neither prolongs nor shortens the while, and behind it counting begins anew',
      async (ledger, clock) => {
        await ledger.set('a', 1, 1000)
        await clock.advance(600)
        assert.equal(await ledger.add('a', 1, 2), true)
        assert.equal(await ledger.add('a', 1, 2), false)
        await clock.advance(399)
        assert.equal(await ledger.read('a'), 2)
        await clock.advance(1)
        assert.equal(await ledger.add('a', 1, 1), true)
        await clock.advance(100_000)
        assert.equal(await ledger.read('a'), 1)
      },
    )
    judge('a new while takes the place of the old, and so does for ever', async (ledger, clock) => {
      await ledger.set('a', 1, 1000)
      await ledger.set('a', 2, 5000)
      await ledger.set('b', 1, 1000)
      await ledger.set('b', 2)
      await clock.advance(4999)
      assert.equal(await ledger.read('a'), 2)
      await clock.advance(1)
      assert.equal(await ledger.read('a'), 0)
      assert.equal(await ledger.read('b'), 2)
    })
  })
}
