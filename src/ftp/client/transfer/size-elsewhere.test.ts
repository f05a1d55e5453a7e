import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath } from '../../../core/path.ts'
import { transfer } from '../../../core/transfer.ts'
import { atMisbehaving } from '../../../testing/at-misbehaving.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { say, usual, type Step } from '../../../testing/misbehaving/script.ts'
import { whileTurning } from '../../../testing/while-turning.ts'

const path = parsePath('/new.bin')

/** Sends a file; the first time that its size is asked, this happens. */
async function completenessWhere(sized: readonly Step[]): Promise<string> {
  const clock = new FakeClock()
  const done = atMisbehaving(
    { answers: { SIZE: [sized, [usual]] } },
    async (remote) => {
      const file = await remote.open(path, { write: true, create: 'allow', truncate: true })
      await transfer(file, () => file.write([Buffer.alloc(100_000, 'x')], 0))
      return file.completeness
    },
    { clock },
  )
  return whileTurning(clock, done, 1000)
}

test('where the session ends or hangs behind an upload, its size is asked over another one', async () => {
  assert.equal(await completenessWhere([say('421 Timeout'), { kind: 'close' }]), 'proven')
  assert.equal(await completenessWhere([{ kind: 'stall' }]), 'proven')
  assert.equal(await completenessWhere([{ kind: 'cut' }]), 'proven')
})
