import assert from 'node:assert/strict'
import { mkdtempSync, openSync, readFileSync, rmSync, writevSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { DiskFile } from './file.ts'
import { owners } from './owners.ts'
import { pooledCalls } from './quick-calls.ts'

const half = 512 * 1024

/** A file that takes at most so many bytes a call, and all that was written to it. */
async function fileThatTakes(most: number) {
  const calls: { readonly at: number; readonly size: number }[] = []
  const content = Buffer.alloc(4 * half)
  const writeMuch = (_fd: number, pieces: readonly Uint8Array[], at: number): number => {
    const bytes = Buffer.concat(pieces).subarray(0, most)
    bytes.copy(content, at)
    calls.push({ at, size: bytes.length })
    return bytes.length
  }
  const file = new DiskFile('file', -1, 0, await owners(), { ...pooledCalls, writeMuch, write: writeMuch })
  return { file, calls, content }
}

const pieces = [100_000, half, half - 100_000, 7, half].map((size, index) => Buffer.alloc(size, index + 1))

test('half a megabyte is written in one call, as larger ones take memory that has to be got from the host', async () => {
  const { file, calls, content } = await fileThatTakes(Infinity)
  await file.write(pieces, 5)
  assert.deepEqual(
    calls.map(({ at, size }) => [at, size]),
    [0, 1, 2, 3].map((part) => [5 + part * half, part < 3 ? half : 7]),
  )
  const whole = Buffer.concat(pieces)
  assert.ok(content.subarray(5, 5 + whole.length).equals(whole))
})

test('a disk that takes less than it is given gets the rest', async () => {
  const { file, content } = await fileThatTakes(123_457)
  await file.write(pieces, 0)
  const whole = Buffer.concat(pieces)
  assert.ok(content.subarray(0, whole.length).equals(whole))
})

test('a disk that gives less than it is asked for is asked again, up to where the file ended, and not behind that', async () => {
  const asked: number[] = []
  const read = (_fd: number, into: Uint8Array, at: number): number => {
    asked.push(at)
    return Math.min(into.length, 4, Math.max(0, most - at))
  }
  let most = 10
  const file = new DiskFile('file', -1, 10, await owners(), { ...pooledCalls, read })
  assert.equal(await file.read(new Uint8Array(100), 0), 10)
  assert.deepEqual(asked.splice(0), [0, 4, 8])
  assert.equal(await file.read(new Uint8Array(6), 0), 6)
  assert.deepEqual(asked.splice(0), [0, 4])
  assert.equal(await file.read(new Uint8Array(100), 10), 0)
  assert.deepEqual(asked.splice(0), [10])
  most = 5 // It became shorter meanwhile.
  assert.equal(await file.read(new Uint8Array(100), 0), 5)
  assert.deepEqual(asked, [0, 4, 5])
})

test('a file is closed once what is under way is done, and not before', async () => {
  const given = Promise.withResolvers<number>()
  const closed: number[] = []
  const calls = {
    ...pooledCalls,
    read: () => given.promise,
    close: (fd: number) => void closed.push(fd),
  }
  const file = new DiskFile('file', -1, 10, await owners(), calls)
  const reading = file.read(new Uint8Array(10), 0)
  const ending = [file.close(), file.abort(new Error('again'))]
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual(closed, [])
  given.resolve(10)
  assert.equal(await reading, 10)
  await Promise.all(ending)
  assert.deepEqual(closed, [-1])
})

test('a call has no more pieces than the system takes', async () => {
  const { file, calls } = await fileThatTakes(Infinity)
  await file.write(
    Array.from({ length: 3000 }, () => Buffer.of(1)),
    0,
  )
  assert.deepEqual(
    calls.map(({ size }) => size),
    [1024, 1024, 952],
  )
})

test('much that is to be written apart is not waited for in this thread, and a little is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'apart-'))
  const fd = openSync(join(folder, 'file'), 'w+')
  const sizes: number[] = []
  const now = (_fd: number, pieces: readonly Uint8Array[], at: number): number => {
    sizes.push(pieces.reduce((sum, { length }) => sum + length, 0))
    return writevSync(fd, pieces, at)
  }
  const file = new DiskFile(
    'file',
    fd,
    0,
    await owners(),
    { ...pooledCalls, writeMuch: now, write: now },
    true,
  )
  await file.write([Buffer.alloc(1000, 1)], 0)
  await file.write(pieces, 1000)
  await file.close()
  assert.deepEqual(sizes, [1000])
  const whole = Buffer.concat([Buffer.alloc(1000, 1), ...pieces])
  assert.ok(readFileSync(join(folder, 'file')).equals(whole))
  rmSync(folder, { recursive: true })
})
