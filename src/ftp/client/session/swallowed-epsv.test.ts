import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rootPath } from '../../../core/path.ts'
import type { RemoteStore } from '../../../core/remote.ts'
import { atMisbehaving } from '../../../testing/at-misbehaving.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import type { FtpScript } from '../../../testing/misbehaving/script.ts'
import { whileTurning } from '../../../testing/while-turning.ts'

async function names(store: RemoteStore): Promise<readonly string[]> {
  const found: string[] = []
  for await (const batch of store.list(rootPath)) found.push(...batch.map(({ name }) => name))
  return found
}

test('a server behind something that swallows EPSV is read by PASV in the next session', async () => {
  const swallowing: FtpScript = { answers: { EPSV: [[{ kind: 'stall' }]] } }
  const clock = new FakeClock()
  const done = atMisbehaving(
    swallowing,
    async (store, { heard }) => {
      assert.deepEqual(await names(store), ['file.bin'])
      assert.equal(heard.filter((line) => line.startsWith('EPSV')).length, 1)
    },
    { clock },
  )
  await whileTurning(clock, done)
})
