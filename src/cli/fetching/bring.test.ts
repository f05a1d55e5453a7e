import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { FileError, IncompleteError } from '../../core/error.ts'
import { parsePath, type Path } from '../../core/path.ts'
import type { Store } from '../../core/store.ts'
import { diskStore } from '../../stores/disk.ts'
import { memoryStore } from '../../stores/memory.ts'
import { put } from '../../testing/conforms-store/case.ts'
import { SftpWorld } from '../../testing/sftp-world.ts'
import { Output } from '../output.ts'
import { bring } from './bring.ts'

/** The same store, whose files break off behind so many bytes. */
function breaking(store: Store, size: number): Store {
  const open: Store['open'] = async (path, how) => {
    const file = await store.open(path, how)
    const read = async (into: Uint8Array, at: number): Promise<number> => {
      if (at >= size) throw new IncompleteError('it broke off', size, 2 * size)
      return file.read(into.subarray(0, size - at), at)
    }
    return Object.assign(Object.create(file) as typeof file, {
      read,
      stat: () => file.stat(),
      abort: (reason: Error) => file.abort(reason),
    })
  }
  return Object.assign(Object.create(store) as Store, { open })
}

class HeardOutput extends Output {
  readonly errors: unknown[] = []

  readonly about: (string | undefined)[] = []

  override failed(thrown: unknown, about?: string): void {
    this.errors.push(thrown)
    this.about.push(about)
  }
}

for (const [size, kept] of [
  [5, false],
  [100_000, true],
] as const) {
  void test(`of a file that came short it is said that it can be gone on with where that is kept, ${size} bytes`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'ferry-bring-'))
    const target = await diskStore(folder)
    t.after(async () => {
      await target.close()
      await rm(folder, { recursive: true })
    })
    const path = parsePath('/file')
    const store = memoryStore()
    await put(store, path, 'x'.repeat(size))
    const entry = { ...(await store.stat(path)), size: 2 * size }
    const out = new HeardOutput({ json: false, quiet: true, verbose: false })
    const { signal } = new AbortController()
    await bring(
      { out, pace: undefined, retries: 0, signal, background: true },
      [
        {
          thing: {
            place: { store: size > 60_000 ? breaking(store, size) : store, path, words: 'file' },
            entry,
          },
          to: { store: target, path },
          words: 'file',
        },
      ],
      { recursive: false, segments: 1, jobs: 1 },
    )
    const [error] = out.errors
    assert.ok(error instanceof IncompleteError)
    assert.equal(error.facts.hint !== undefined, kept)
    assert.equal((await readdir(folder)).length > 0, kept)
  })
}

void test('what is wrong with the disk here is told of the file here, and what is wrong over there of the one there', async () => {
  const world = new SftpWorld()
  const path = parsePath('/file')
  await put(world.home, path, 'x'.repeat(100_000))
  const far = await world.connect()
  const here = memoryStore()
  const full: Store = Object.assign(Object.create(here) as Store, {
    stat: (at: Path) => here.stat(at),
    open: () => Promise.reject(new FileError('full', 'no space left on the disk')),
  })
  const out = new HeardOutput({ json: false, quiet: true, verbose: false })
  const { signal } = new AbortController()
  const entry = await far.stat(path)
  const errands = [path, parsePath('/none')].map((from) => ({
    thing: { place: { store: far, path: from, words: `far${from}` }, entry },
    to: { store: full, path },
    words: './file',
  }))
  await bring({ out, pace: undefined, retries: 0, signal, background: true }, errands, {
    recursive: false,
    segments: 1,
    jobs: 1,
  })
  assert.deepEqual(out.about, ['./file', 'far/none'])
  await far.end()
  await world.over()
})
