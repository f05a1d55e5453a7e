import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { FileError } from '../../core/error.ts'
import { parsePath } from '../../core/path.ts'
import { transfer } from '../../core/transfer.ts'
import { diskStore } from '../disk.ts'

const file = parsePath('/file')
const full = (error: unknown) => error instanceof FileError && error.fault === 'full'

/** Mounts a disk of one MiB; undefined where that is not permitted. */
function smallDisk(): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), 'ferry-full-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,nr_inodes=10', 'tmpfs', directory], {
      stdio: 'ignore',
    })
    return directory
  } catch {
    rmdirSync(directory)
    return undefined // only root may mount
  }
}

test('a full disk says so, keeps what was there, and takes more when there is room again', async (context) => {
  const root = smallDisk()
  if (root === undefined) return context.skip('it takes root to mount a small disk')
  const store = await diskStore(root)
  context.after(async () => {
    await store.close()
    execFileSync('umount', [root])
    rmdirSync(root)
  })
  const open = await store.open(file, { write: true, create: 'allow' })
  await open.write([new Uint8Array(500_000)], 0)
  const pieces = Array.from({ length: 20 }, () => new Uint8Array(65_536))
  await assert.rejects(open.write(pieces, 500_000), full)
  await open.abort(new Error('the disk is full'))
  const other = await store.open(parsePath('/other'), { write: true, create: 'allow' })
  await assert.rejects(
    transfer(other, () => other.write([new Uint8Array(1)], 0)),
    full,
  )
  assert.equal((await store.space(file)).free, 0)
  await store.change(file, { size: 1000 })
  assert.ok((await store.space(file)).free > 500_000)
  const again = await store.open(file, { write: true })
  await transfer(again, () => again.write([new Uint8Array(900_000)], 1000))
  assert.equal((await store.stat(file)).size, 901_000)
  await assert.rejects(fillWithDirectories(root, store.mkdir.bind(store)), full)
})

async function fillWithDirectories(
  root: string,
  mkdir: (path: ReturnType<typeof parsePath>) => Promise<void>,
) {
  mkdirSync(join(root, 'first'))
  for (let index = 0; index < 10; index += 1) await mkdir(parsePath(`/${index}`))
}
