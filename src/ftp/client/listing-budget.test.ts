import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProtocolError } from '../../core/error.ts'
import { parsePath } from '../../core/path.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { misbehavingServer } from '../../testing/misbehaving/server.ts'
import { connectFtp } from './connect.ts'
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
    const clock = new FakeClock()
    const network = memoryNetwork()
    const line = '-rw-r--r-- 1 u g 5 Mar  3  2020 f'
    const listing = Array.from({ length: count }, (_, at) => `${line}${at}\r\n`).join('')
    await using server = await misbehavingServer({ listing }, { network, clock })
    const ask = { secret: async () => 'secret', trust: async () => 'no' as const }
    const { host, port } = server
    const store = await connectFtp({ network, clock, host, port, ask, mostListed: 1000 })
    const names: string[] = []
    const list = async (): Promise<void> => {
      for await (const batch of store.list(parsePath('/'))) names.push(...batch.map(({ name }) => name))
    }
    if (ends) await assert.rejects(list(), ProtocolError)
    else await list()
    assert.equal(names.length, ends ? 0 : 1000)
    await store.end()
  }
})
