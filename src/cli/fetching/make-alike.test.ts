import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError } from '../../core/error.ts'
import { parsePath, rootPath } from '../../core/path.ts'
import { plan } from '../../client/plan.ts'
import { makeDirectory } from '../../client/make-directory.ts'
import { memoryStore } from '../../stores/memory.ts'
import { put } from '../../testing/conforms-store/case.ts'
import { Output } from '../output.ts'
import { bring } from './bring.ts'
import { makeAlike } from './make-alike.ts'

class HeardOutput extends Output {
  readonly lines: string[] = []
  readonly errors: unknown[] = []

  override async result(text: string): Promise<void> {
    this.lines.push(text)
  }

  override note(text: string): void {
    this.lines.push(text)
  }

  override failed(thrown: unknown, about?: string): void {
    this.errors.push(thrown)
    super.failed(thrown, about)
  }
}

async function fullAfter(files: number) {
  const from = { store: memoryStore(), path: rootPath, words: 'there' }
  await makeDirectory(from.store, parsePath('/d'))
  for (let at = 0; at < 9; at++) await put(from.store, parsePath(`/d/f${at}`), 'x')
  const store = memoryStore()
  const open = store.open.bind(store)
  let made = 0
  Object.assign(store, {
    open(...words: Parameters<typeof open>) {
      made += 1
      if (made <= files) return open(...words)
      const cause = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'open' })
      return Promise.reject(new FileError('full', 'no space left on the disk', { cause }))
    },
  })
  const to = { store, path: rootPath }
  const out = new HeardOutput({ json: false, quiet: false, verbose: false })
  const { signal } = new AbortController()
  return { from, to, out, bringing: { out, pace: undefined, retries: 0, signal, background: true } }
}

for (const [files, status] of [
  [0, 5],
  [4, 1],
] as const) {
  void test(`a disk that is full behind ${files} files is told once, and all that is left in one line; the status is ${status}`, async (t) => {
    t.mock.method(process.stderr, 'write', () => true)
    const { from, to, out, bringing } = await fullAfter(files)
    const how = { jobs: 3, verify: undefined, checkpoint: undefined }
    await makeAlike(bringing, plan(from, to), from, to, how)
    assert.equal(out.errors.length, 1)
    assert.match(out.lines.at(-1) ?? '', /1 failed; as the disk here is full, the rest was left$/u)
    assert.equal(out.status, status)
  })

  void test(`so is one that a tree is brought to, behind ${files} files`, async (t) => {
    t.mock.method(process.stderr, 'write', () => true)
    const { from, to, out, bringing } = await fullAfter(files)
    const errand = { thing: { place: from, entry: await from.store.stat(rootPath) }, to, words: 'here' }
    await bring(bringing, [errand, errand], { recursive: true, segments: 1, jobs: 3 })
    assert.equal(out.errors.length, 1)
    assert.match(out.lines.at(-2) ?? '', /1 failed; as the disk here is full, the rest was left$/u)
    assert.equal(out.lines.at(-1), 'as the disk here is full, the rest was left')
    assert.equal(out.status, status)
  })
}
