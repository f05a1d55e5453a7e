import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProtocolError } from '../../core/error.ts'
import { parsePath, rootPath } from '../../core/path.ts'
import type { RemoteStore } from '../../core/remote.ts'
import { atMisbehaving } from '../../testing/at-misbehaving.ts'
import { ListingBudget } from './listing-budget.ts'

const folder = parsePath('/folder')

void test('lines and bytes are counted together, and the first that is too many is an error about the folder', () => {
  const budget = new ListingBudget(folder, 3)
  budget.spend(50, 2)
  budget.spend(50, 1)
  assert.throws(() => budget.spend(0, 1), /listing of \/folder has more than 3 lines/u)
  assert.throws(() => new ListingBudget(folder).spend(2 ** 30 + 1, 0), /more than 1 GiB/u)
})

void test('one line more than is taken ends the listing, and the session with it', async () => {
  for (const [count, ends] of [
    [1000, false],
    [1001, true],
  ] as const) {
    const line = '-rw-r--r-- 1 u g 5 Mar  3  2020 f'
    const listing = Array.from({ length: count }, (_, at) => `${line}${at}\r\n`).join('')
    const work = async (store: RemoteStore): Promise<void> => {
      const names: string[] = []
      const list = async (): Promise<void> => {
        for await (const batch of store.list(rootPath)) names.push(...batch.map(({ name }) => name))
      }
      if (ends) await assert.rejects(list(), ProtocolError)
      else await list()
      assert.equal(names.length, ends ? 0 : 1000)
    }
    await atMisbehaving({ listing }, work, { mostListed: 1000 })
  }
})
