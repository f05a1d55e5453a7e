import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { FileError, type Fault } from '../../core/error.ts'
import { parsePath } from '../../core/path.ts'
import { fileText, putFile } from '../../testing/store-files.ts'
import { diskStore, type DiskStore } from '../disk.ts'
import { offersDescriptors } from './descriptors.ts'
import { keepOut } from './kept-out.ts'

const is =
  (...wanted: Fault[]) =>
  (error: unknown) =>
    error instanceof FileError && wanted.includes(error.fault)

interface Shared {
  readonly base: string
  readonly root: string
  readonly store: DiskStore
}

async function shared(t: TestContext, confinement: 'descriptors' | 'real-paths'): Promise<Shared> {
  const base = await mkdtemp(join(tmpdir(), 'ferry-place-'))
  const root = join(base, 'root')
  await mkdir(root)
  await writeFile(join(base, 'secret'), 'secret')
  const store = await diskStore(root, { confinement })
  t.after(async () => {
    await store.close()
    await rm(base, { recursive: true })
  })
  return { base, root, store }
}

for (const confinement of (await offersDescriptors())
  ? (['descriptors', 'real-paths'] as const)
  : (['real-paths'] as const)) {
  test(`a folder that is still there is the same store (${confinement})`, async (t) => {
    const { store } = await shared(t, confinement)
    assert.equal(await store.atLogin(), store)
  })

  test(`a folder that is made anew is seen by who comes then, and nothing around it (${confinement})`, async (t) => {
    const { base, root, store } = await shared(t, confinement)
    await rename(root, join(base, 'old'))
    await assert.rejects(store.atLogin(), is('not-found'))
    await mkdir(root)
    await symlink('../secret', join(root, 'out'))
    await mkdir(join(root, 'keys'))
    keepOut(join(root, 'keys'))
    const [one, other] = await Promise.all([store.atLogin(), store.atLogin()])
    await putFile(one, '/a', 'new')
    assert.equal(await fileText(other, '/a'), 'new')
    await assert.rejects(fileText(one, '/out'), is('denied', 'not-found'))
    await assert.rejects(putFile(one, '/keys/a', 'x'), is('denied'))
    await writeFile(join(base, 'file'), '')
    await rm(root, { recursive: true })
    await rename(join(base, 'file'), root)
    await assert.rejects(store.atLogin(), is('not-directory'))
    await unlink(root)
  })

  test(`a store that was closed lets nobody in (${confinement})`, async (t) => {
    const { store } = await shared(t, confinement)
    await store.close()
    await assert.rejects(store.atLogin(), is('failed'))
  })

  test(`a link that is shared may be turned to another folder (${confinement})`, async (t) => {
    const { base, root, store } = await shared(t, confinement)
    const current = join(base, 'current')
    await symlink(root, current)
    await putFile(store, '/a', 'first')
    const linked = await diskStore(current, { confinement })
    t.after(() => linked.close())
    await mkdir(join(base, 'next'))
    await writeFile(join(base, 'next/a'), 'next')
    await symlink(join(base, 'next'), join(base, 'turned'))
    await rename(join(base, 'turned'), current)
    const now = await linked.atLogin()
    assert.equal(await fileText(now, '/a'), 'next')
    assert.equal(await fileText(linked, '/a'), 'first')
    assert.equal(await linked.atLogin(), now)
    assert.deepEqual((await now.stat(parsePath('/'))).kind, 'directory')
  })
}
