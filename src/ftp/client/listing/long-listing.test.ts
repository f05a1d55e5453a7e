import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProtocolError } from '../../../core/error.ts'
import { rootPath } from '../../../core/path.ts'
import type { RemoteStore } from '../../../core/remote.ts'
import { atMisbehaving } from '../../../testing/at-misbehaving.ts'

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
