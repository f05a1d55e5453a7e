import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { FileError, NetworkError } from '../core/error.ts'
import { parsePath, type Path } from '../core/path.ts'
import type { Opening, Store } from '../core/store.ts'
import { localPlace } from '../stores/local.ts'
import { memoryStore } from '../stores/memory.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import type { CopyHow } from './copy-file.ts'
import { copySegments } from './segments.ts'

const megabyte = 1024 * 1024
const bytes = Buffer.alloc(6 * megabyte)
for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(at, at)
const path = parsePath('/big.bin')

/** A store whose file can be read up to so many bytes, and then no more. */
class Breaking {
  left: number
  readonly store: Store
  readonly #inner = memoryStore({ clock: new FakeClock() })

  constructor(left: number) {
    this.left = left
    this.store = Object.assign(Object.create(this.#inner) as Store, {
      open: (at: Path, how: Opening) => this.#open(at, how),
      stat: (at: Path) => this.#inner.stat(at),
    })
  }

  async fill(): Promise<void> {
    const file = await this.#inner.open(path, { write: true, create: 'allow' })
    await file.write([bytes], 0)
    await file.close()
  }

  async #open(at: Path, how: Opening) {
    const file = await this.#inner.open(at, how)
    return Object.assign(Object.create(file) as typeof file, {
      read: async (into: Uint8Array, from: number) => {
        if (this.left <= 0) throw new NetworkError('reset', 'gone', { facts: { retryable: true } })
        const count = await file.read(into.subarray(0, Math.min(into.length, 64 * 1024)), from)
        this.left -= count
        return count
      },
      abort: (reason: Error) => file.abort(reason),
    })
  }
}

/** A store that refuses to begin in the midst of a file, and says of what was stopped for that only that it was. */
function fromTheBeginning(inner: Store): Store {
  return Object.assign(Object.create(inner) as Store, {
    open: async (_at: Path, how: Opening) => {
      if ((how.from ?? 0) > 0) throw new FileError('unsupported', 'no beginning in the midst')
      await new Promise(setImmediate)
      throw new NetworkError('aborted', 'stopped')
    },
  })
}

/** A folder, and copies from a source that breaks into it. */
async function world(left: number) {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-segments-'))
  const source = new Breaking(left)
  await source.fill()
  const target = await localPlace(join(folder, 'big.bin'))
  const copy = (segments: number, how: CopyHow) =>
    copySegments({ store: source.store, path }, target, segments, how)
  return {
    source,
    copy,
    names: async () => (await readdir(folder)).toSorted(),
    content: () => readFile(join(folder, 'big.bin')),
    remove: (name: string) => rm(join(folder, name)),
    write: (name: string, text: string) => writeFile(join(folder, name), text),
    async [Symbol.asyncDispose]() {
      await target.store.close()
      await rm(folder, { recursive: true })
    },
  }
}

void test('what broke off goes on where each part was, also with more or fewer parts', async () => {
  for (const segments of [1, 3, 5]) {
    await using here = await world(3 * megabyte)
    await assert.rejects(here.copy(3, {}), NetworkError)
    assert.equal((await here.names()).filter((name) => name.startsWith('.ferry-part-')).length, 2)
    here.source.left = Infinity
    let moved = 0
    const copied = await here.copy(segments, { resume: 'part', moved: (count) => (moved += count) })
    assert.ok(copied.resumedAt > 2 * megabyte)
    assert.equal(moved, bytes.length)
    assert.deepEqual(await here.content(), bytes)
    assert.deepEqual(await here.names(), ['big.bin'])
  }
})

void test('without --resume, without a note, or with half of one it begins anew', async () => {
  for (const harm of ['none', 'missing', 'half'] as const) {
    await using here = await world(2 * megabyte)
    await assert.rejects(here.copy(2, {}), NetworkError)
    for (const name of await here.names()) {
      if (harm === 'missing') await here.remove(name)
      if (harm === 'half') await here.write(name, '[[0,10')
    }
    here.source.left = Infinity
    const copied = await here.copy(2, { resume: harm === 'none' ? 'no' : 'part' })
    assert.equal(copied.resumedAt, 0)
    assert.deepEqual(await here.content(), bytes)
    assert.deepEqual(await here.names(), ['big.bin'])
  }
})

void test('what stopped all parts is told, and not that the others were stopped', async () => {
  await using here = await world(Infinity)
  const target = { store: memoryStore(), path }
  const source = { store: fromTheBeginning(here.source.store), path }
  await assert.rejects(copySegments(source, target, 3, {}), /no beginning in the midst/u)
})
