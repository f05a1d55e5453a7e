import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { IncompleteError } from '../core/error.ts'
import { parsePath } from '../core/path.ts'
import { diskStore } from '../stores/disk.ts'
import { memoryStore } from '../stores/memory.ts'
import { put } from '../testing/conforms-store/case.ts'
import { copyFile } from './copy-file.ts'

const name = parsePath('/file')
const modified = new Date('2026-01-02T03:04:05Z')

async function emptyFolder(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-small-'))
  const store = await diskStore(folder)
  t.after(async () => {
    await store.close()
    await rm(folder, { recursive: true })
  })
  return { folder, to: { store, path: name } }
}

async function source(content: string) {
  const store = memoryStore()
  await put(store, name, content)
  await store.change(name, { modified })
  return { store, path: name }
}

test('a small file is there with its time, and nothing beside it', async (t) => {
  const { folder, to } = await emptyFolder(t)
  const heard: (string | number)[] = []
  const copied = await copyFile(await source('content'), to, {
    moved: (bytes) => heard.push(bytes),
    whole: () => heard.push('whole'),
  })
  assert.deepEqual(copied, { size: 7, resumedAt: 0, completeness: 'proven', way: 'through-here' })
  assert.deepEqual(heard, [7, 'whole'])
  assert.equal(await readFile(join(folder, 'file'), 'utf8'), 'content')
  assert.deepEqual((await stat(join(folder, 'file'))).mtime, modified)
  assert.deepEqual(await readdir(folder), ['file'])
})

test('a file that was small when it was listed, and is large now, comes all the same', async (t) => {
  const { folder, to } = await emptyFolder(t)
  const from = await source('x'.repeat(200_000))
  const entry = { ...(await from.store.stat(name)), size: 10 }
  assert.equal((await copyFile(from, to, { entry })).size, 200_000)
  assert.equal((await stat(join(folder, 'file'))).size, 200_000)
  assert.deepEqual(await readdir(folder), ['file'])
})

test('a small file that comes short is not there, and the old one stays', async (t) => {
  const { folder, to } = await emptyFolder(t)
  await put(to.store, name, 'old')
  const from = await source('short')
  const entry = { ...(await from.store.stat(name)), size: 10 }
  await assert.rejects(copyFile(from, to, { entry }), IncompleteError)
  assert.equal(await readFile(join(folder, 'file'), 'utf8'), 'old')
  assert.deepEqual(await readdir(folder), ['file'])
})

test('a small file that was stopped is not there', async (t) => {
  const { folder, to } = await emptyFolder(t)
  const stop = new AbortController()
  const how = { signal: stop.signal, moved: () => stop.abort() }
  await assert.rejects(copyFile(await source('content'), to, how), { name: 'AbortError' })
  assert.deepEqual(await readdir(folder), [])
})
