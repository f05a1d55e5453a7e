import assert from 'node:assert/strict'
import { randomFillSync } from 'node:crypto'
import { test } from 'node:test'
import { parsePath } from '../core/path.ts'
import { memoryStore } from '../stores/memory.ts'
import { getBytes } from '../testing/conforms-store/case.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { SftpWorld } from '../testing/sftp-world.ts'
import { putFile } from '../testing/store-files.ts'
import { copyFile } from './copy-file.ts'
import { OwnPart } from './own-part.ts'

const path = parsePath('/file')

/** Goes on with an upload over SFTP of which 9 MB are there, with a hole behind the eighth, and tells where. */
async function goOn(own?: OwnPart): Promise<number> {
  const world = new SftpWorld({ clock: new FakeClock(), account: { uploads: 'in-place' } })
  const bytes = randomFillSync(new Uint8Array(12_000_000))
  const begun = bytes.slice(0, 9_000_000)
  begun.fill(0, 8_000_000, 8_500_000)
  await putFile(world.home, path, begun)
  const here = memoryStore()
  await putFile(here, path, bytes)
  const store = await world.connect()
  const { resumedAt } = await copyFile({ store: here, path }, { store, path }, { resume: 'file', own })
  assert.ok(Buffer.compare(await getBytes(world.home, path), bytes) === 0)
  await store.end()
  await world.over()
  return resumedAt
}

void test('an upload over SFTP that is gone on with fills the holes that writes out of order have left before its end', async () => {
  const resumedAt = await goOn()
  assert.ok(resumedAt > 0 && resumedAt <= 8_000_000)
})

void test('who wrote it himself goes on where the first byte is missing', async () => {
  const own = new OwnPart()
  own.begin()
  own.broke(8_000_000)
  assert.equal(await goOn(own), 8_000_000)
})
