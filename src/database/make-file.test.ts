import assert from 'node:assert/strict'
import { chown, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFile } from './make-file.ts'

const skip = process.getuid?.() === 0 ? false : 'only root gives files away'

test('what root makes in the data folder of a server belongs to that server', { skip }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-make-file-'))
  t.after(() => rm(folder, { recursive: true }))
  await chown(folder, 1234, 4321)
  makeFile(join(folder, 'ferry.db'))
  const { uid, gid, mode } = await stat(join(folder, 'ferry.db'))
  assert.deepEqual([uid, gid, mode & 0o777], [1234, 4321, 0o600])
})
