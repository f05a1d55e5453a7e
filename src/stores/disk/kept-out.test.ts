import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import { FileError } from '../../core/error.ts'
import { parsePath } from '../../core/path.ts'
import type { Store } from '../../core/store.ts'
import { diskStore } from '../disk.ts'
import { offersDescriptors } from './descriptors.ts'
import { keepOut } from './kept-out.ts'

const base = await mkdtemp(join(tmpdir(), 'ferry-kept-out-'))
after(() => rm(base, { recursive: true }))
const data = join(base, 'shared/sub/data')
await mkdir(join(data, 'files'), { recursive: true })
await mkdir(join(base, 'shared/other'))
await writeFile(join(data, 'key'), 'secret')
await writeFile(join(data, 'files/public'), 'for all')
await symlink('sub/data/key', join(base, 'shared/link'))
await symlink('sub/data', join(base, 'shared/way'))
keepOut(join(base, 'shared/way'))

const isDenied = (thrown: unknown): boolean => thrown instanceof FileError && thrown.fault === 'denied'

async function namesIn(store: Store, path: string): Promise<string[]> {
  const names: string[] = []
  for await (const batch of store.list(parsePath(path))) for (const { name } of batch) names.push(name)
  return names.toSorted()
}

const confinements = (await offersDescriptors())
  ? (['descriptors', 'real-paths'] as const)
  : ['real-paths' as const]
for (const confinement of confinements) {
  suite(confinement, () => {
    test('nobody gets into a directory that is kept for the server, by its path or by a link', async () => {
      const store = await diskStore(join(base, 'shared'), { confinement })
      for (const path of ['/sub/data', '/way', '/sub/data/files'])
        await assert.rejects(namesIn(store, path), isDenied, path)
      for (const path of [
        '/sub/data/key',
        '/link',
        '/way/key',
        '/sub/data/files/public',
        '/sub/../sub/data/key',
      ])
        await assert.rejects(store.open(parsePath(path), { read: true }), isDenied, path)
      await assert.rejects(store.remove(parsePath('/sub/data/key')), isDenied)
      await assert.rejects(store.link(parsePath('/mine'), '/sub/data/key', 'hard'), isDenied)
      await assert.rejects(store.change(parsePath('/sub/data'), { mode: 0o777 }), isDenied)
      assert.deepEqual(await namesIn(store, '/sub'), ['data'])
      await store.close()
    })

    test('it stays where it is, and with it what leads there; all else moves', async () => {
      const store = await diskStore(join(base, 'shared'), { confinement })
      for (const path of ['/sub/data', '/sub'])
        await assert.rejects(store.rename(parsePath(path), parsePath('/mine'), true), isDenied, path)
      await assert.rejects(store.rename(parsePath('/sub/data'), parsePath('/mine'), false), isDenied)
      await store.rename(parsePath('/other'), parsePath('/another'), false)
      await store.rename(parsePath('/another'), parsePath('/other'), true)
      await store.close()
    })

    test('it is not shared itself, and a folder in it that is shared on purpose is', async () => {
      await assert.rejects(diskStore(data, { confinement }), isDenied)
      const store = await diskStore(join(data, 'files'), { confinement })
      assert.deepEqual(await namesIn(store, '/'), ['public'])
      await store.close()
    })
  })
}
