import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolder } from './make-folder.ts'

test('a folder is made with all on the way to it, also by two at once, and may be there', async (t) => {
  const base = await mkdtemp(join(tmpdir(), 'ferry-make-'))
  t.after(() => rm(base, { recursive: true }))
  const folder = join(base, 'a', 'b', 'c')
  await Promise.all([makeFolder(folder, 0o700), makeFolder(folder, 0o700)])
  await makeFolder(folder)
  assert.equal((await stat(folder)).mode & 0o777, 0o700)
  await writeFile(join(base, 'file'), '')
  await assert.rejects(makeFolder(join(base, 'file', 'd')), { code: 'EEXIST' })
})

test(
  'where no folder can be made that is said, and not tried for ever',
  { skip: process.platform !== 'linux' },
  async () => {
    await assert.rejects(makeFolder('/proc/ferry/x'), { code: 'ENOENT', path: '/proc/ferry' })
  },
)
