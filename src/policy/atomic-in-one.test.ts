import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryClaims } from '../core/claims.ts'
import { FileError } from '../core/error.ts'
import { joinPath, parentOf, parsePath, rootPath, type Path } from '../core/path.ts'
import type { Entry, Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { put, refused } from '../testing/conforms-store/case.ts'
import { loginOf } from '../testing/login-of.ts'
import { atomicUploads } from './atomic.ts'
import { PassingStore } from './passing.ts'

const target = parsePath('/file')

/** A store that looks at two names in one go, and notes what else it is asked. */
class InOne extends PassingStore {
  readonly asked: string[] = []

  async find(path: Path): Promise<Entry | undefined> {
    this.asked.push(`find ${path}`)
    return this.#look(path)
  }

  override async stat(path: Path, follow?: boolean): Promise<Entry> {
    this.asked.push(`stat ${path}`)
    return this.inner.stat(path, follow)
  }

  async findBoth(path: Path, beside: string): Promise<readonly [Entry | undefined, Entry | undefined]> {
    const found = await this.#look(path)
    if (found !== undefined && found.kind !== 'file') return [found, undefined]
    return [found, await this.#look(joinPath(parentOf(path), beside))]
  }

  async #look(path: Path): Promise<Entry | undefined> {
    return this.inner.stat(path, false).catch(() => undefined)
  }
}

/** Sends half a file and breaks off. */
async function leave(store: Store, path: Path): Promise<void> {
  const file = await store.open(path, { write: true, create: 'allow', truncate: true })
  await file.write([Buffer.from('half')], 0)
  await file.abort(new Error('the connection broke'))
}

void test('a file that is gone is removed, though what an upload to it has left cannot be looked for', async () => {
  const inner = memoryStore()
  const remove = inner.remove.bind(inner)
  const stat = inner.stat.bind(inner)
  inner.remove = async (path) => {
    await remove(path)
    inner.stat = async () => Promise.reject(new FileError('failed', 'the disk has an error'))
  }
  const store = atomicUploads(memoryClaims())(inner, loginOf())
  await put(inner, target, 'x')
  await store.remove(target)
  inner.stat = stat
  await refused('not-found', inner.stat(target))
})

void test('a look at a store that finds both tells of what is there and of what an upload has left', async () => {
  const inner = new InOne(memoryStore())
  const store = atomicUploads(memoryClaims())(inner, loginOf())
  await put(inner, target, 'twelve bytes')
  assert.equal((await store.stat(target)).size, 12)
  assert.deepEqual(inner.asked, [])
  assert.deepEqual(await store.stat(rootPath), await inner.stat(rootPath))
  await inner.link(parsePath('/link'), 'file', 'symbolic')
  assert.equal((await store.stat(parsePath('/link'))).size, 12)
  assert.equal((await store.stat(parsePath('/link'), false)).kind, 'link')
  const path = parsePath('/other')
  await refused('not-found', store.stat(path))
  await leave(store, path)
  await leave(store, target)
  assert.equal((await store.stat(target)).unfinished, 4)
  assert.equal((await store.stat(target)).size, 12)
  await assert.rejects(store.stat(path), { fault: 'not-found', unfinished: 4 })
})
