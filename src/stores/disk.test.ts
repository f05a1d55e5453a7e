import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, linkSync, readdirSync, writeFileSync } from 'node:fs'
import fs, { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { FileError, type Fault } from '../core/error.ts'
import { parsePath } from '../core/path.ts'
import type { Entry, Opening, Store } from '../core/store.ts'
import { decodeText } from '../core/text.ts'
import { transfer } from '../core/transfer.ts'
import { conformsStore } from '../testing/conforms-store.ts'
import { diskStore, type DiskStore, type DiskStoreOptions } from './disk.ts'
import { offersDescriptors } from './disk/descriptors.ts'

type Confinement = NonNullable<DiskStoreOptions['confinement']>

const confinements: readonly Confinement[] = (await offersDescriptors())
  ? ['descriptors', 'real-paths']
  : ['real-paths']
const path = parsePath
const fault =
  (...wanted: Fault[]) =>
  (error: unknown) =>
    error instanceof FileError && wanted.includes(error.fault)

interface DiskWorld {
  /** `root`, the store's, and beside it `outside` with a `secret` that nobody may reach. */
  readonly base: string
  readonly root: string
  readonly store: DiskStore
}

async function diskWorld(confinement: Confinement, context?: TestContext): Promise<DiskWorld> {
  const base = await mkdtemp(join(tmpdir(), 'ferry-disk-'))
  const root = join(base, 'root')
  await mkdir(root)
  await mkdir(join(base, 'outside'))
  await writeFile(join(base, 'outside/secret'), 'secret')
  const store = await diskStore(root, { confinement })
  context?.after(async () => {
    await store.close()
    await rm(base, { recursive: true })
  })
  return { base, root, store }
}

async function put(store: Store, name: string, text: string): Promise<void> {
  const file = await store.open(path(name), { write: true, create: 'allow', truncate: true })
  await transfer(file, () => file.write([Buffer.from(text)], 0))
}

async function list(store: Store, name: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const batch of store.list(path(name))) entries.push(...batch)
  return entries
}

/** Many names of one file, which is quicker than many files. */
function fillWithNames(directory: string, count: number): void {
  const first = join(directory, '0')
  writeFileSync(first, '')
  for (let index = 1; index < count; index += 1) linkSync(first, join(directory, `${index}`))
}

for (const confinement of confinements) {
  conformsStore(
    `a disk by ${confinement}`,
    async () => {
      const { base, store } = await diskWorld(confinement)
      return {
        store,
        async end() {
          await store.close()
          await rm(base, { recursive: true })
        },
      }
    },
    process.platform === 'linux' ? {} : { cannot: { 'raw-names': 'only Linux keeps names as bytes' } },
  )

  describe(`a disk by ${confinement}`, () => {
    for (const [title, target] of [
      ['an absolute link', (world: DiskWorld) => join(world.base, 'outside')],
      ['an absolute link into the root', (world: DiskWorld) => world.root],
      ['a link with too many ..', () => '../outside'],
      ['a link that leaves and comes back', () => '../root/inside'],
      ['a link by way of another', () => 'inside/up/../outside'],
    ] as const) {
      test(`${title} leads nowhere`, async (context) => {
        const world = await diskWorld(confinement, context)
        const { root, store } = world
        await mkdir(join(root, 'inside'))
        await symlink('..', join(root, 'inside/up'))
        await symlink(target(world), join(root, 'link'))
        await symlink(`${target(world)}/secret`, join(root, 'to-file'))
        const create: Opening = { write: true, create: 'allow', truncate: true }
        for (const name of ['/link', '/link/secret', '/link/inner/secret', '/to-file']) {
          await assert.rejects(store.stat(path(name)), fault('denied'), name)
          await assert.rejects(list(store, name), fault('denied'), name)
          await assert.rejects(store.open(path(name), { read: true }), fault('denied'), name)
          await assert.rejects(store.open(path(name), create), fault('denied'), name)
          await assert.rejects(store.change(path(name), { mode: 0o777, size: 0 }), fault('denied'), name)
          await assert.rejects(store.space(path(name)), fault('denied'), name)
          await assert.rejects(store.link(path('/stolen'), name, 'hard'), fault('denied'), name)
        }
        await assert.rejects(store.mkdir(path('/link/new')), fault('denied'))
        await assert.rejects(store.rmdir(path('/link/new')), fault('denied'))
        await assert.rejects(store.remove(path('/link/secret')), fault('denied'))
        await assert.rejects(store.link(path('/link/new'), 'x', 'symbolic'), fault('denied'))
        await assert.rejects(store.rename(path('/link/secret'), path('/stolen'), true), fault('denied'))
        await assert.rejects(store.rename(path('/inside'), path('/link/inside'), true), fault('denied'))
        assert.equal(await readFile(join(world.base, 'outside/secret'), 'utf8'), 'secret')
        assert.deepEqual(readdirSync(join(world.base, 'outside')), ['secret'])
        assert.equal((await store.stat(path('/link'), false)).target, target(world))
        await store.remove(path('/link'))
        assert.equal(existsSync(join(world.base, 'outside')), true)
      })
    }

    test('a link that would lead outside is not made', async (context) => {
      const { root, store } = await diskWorld(confinement, context)
      await store.mkdir(path('/a'))
      await store.mkdir(path('/a/b'))
      await store.link(path('/short'), 'a/b', 'symbolic')
      for (const [name, target] of [
        ['/link', '/etc/passwd'],
        ['/link', '..'],
        ['/a/link', '../../outside'],
        ['/a/link', 'x/../../..'],
        // As it is written this one stays inside; where it would lie in truth, it does not.
        ['/short/link', '../../../outside'],
      ] as const) {
        await assert.rejects(
          store.link(path(name), target, 'symbolic'),
          fault('denied'),
          `${name} -> ${target}`,
        )
      }
      await store.link(path('/short/link'), '../..', 'symbolic')
      assert.deepEqual(readdirSync(root).toSorted(), ['a', 'short'])
    })

    test('forty links are followed, forty-one are not, nor are links that grow', async (context) => {
      const { store } = await diskWorld(confinement, context)
      await put(store, '/link0', 'content')
      for (let number = 1; number <= 41; number += 1) {
        await store.link(path(`/link${number}`), `link${number - 1}`, 'symbolic')
      }
      assert.equal((await store.stat(path('/link40'))).kind, 'file')
      await assert.rejects(store.stat(path('/link41')), fault('denied'))
      await store.mkdir(path('/x'))
      await store.link(path('/up'), 'x/../'.repeat(700) + 'x', 'symbolic')
      await store.link(path('/far'), 'up/../'.repeat(30) + 'x', 'symbolic')
      await assert.rejects(store.stat(path('/far')), fault('denied'))
    })

    test('pipes are told of, and can be moved and removed, but not opened', async (context) => {
      const { root, store } = await diskWorld(confinement, context)
      execFileSync('mkfifo', [join(root, 'pipe')])
      assert.equal((await store.stat(path('/pipe'))).kind, 'other')
      assert.deepEqual(
        (await list(store, '/')).map(({ kind }) => kind),
        ['other'],
      )
      for (const how of [
        { read: true },
        { write: true },
        { read: true, write: true, create: 'allow' },
      ] as const) {
        await assert.rejects(store.open(path('/pipe'), how), fault('denied'))
      }
      await assert.rejects(store.change(path('/pipe'), { size: 0 }), fault('denied'))
      await store.rename(path('/pipe'), path('/moved'), false)
      await store.remove(path('/moved'))
      assert.deepEqual(readdirSync(root), [])
    })

    test('names are on the disk byte for byte', { skip: process.platform !== 'linux' }, async (context) => {
      const { root, store } = await diskWorld(confinement, context)
      const bytes = Buffer.from([0x47, 0x72, 0xfc, 0xdf, 0x65])
      const name = decodeText(bytes)
      await store.mkdir(path(`/${name}`))
      await put(store, `/${name}/${name}`, 'content')
      await store.link(path('/link'), `${name}/${name}`, 'symbolic')
      assert.equal((await store.stat(path('/link'))).size, 7)
      const found = await list(store, '/')
      assert.equal(found.find((entry) => entry.kind === 'link')?.target, `${name}/${name}`)
      const raw = await fs.readdir(Buffer.concat([Buffer.from(`${root}/`), bytes]), 'buffer')
      assert.deepEqual(raw, [bytes])
    })

    test(
      'no descriptor is left open, whatever goes wrong',
      { skip: !existsSync('/proc/self/fd') },
      async (context) => {
        const { root, store } = await diskWorld(confinement, context)
        await put(store, '/file', 'content')
        await mkdir(join(root, 'a/b/c'), { recursive: true })
        fillWithNames(join(root, 'a/b/c'), 1500)
        await symlink('../b', join(root, 'a/b/again'))
        await symlink('/', join(root, 'a/out'))
        execFileSync('mkfifo', [join(root, 'pipe')])
        const deep = path('/a/b/again/c/5')
        const before = readdirSync('/proc/self/fd').length
        const deeds: (() => Promise<unknown>)[] = [
          () => store.stat(deep),
          () => store.stat(path('/a/b/again/c/5/x')),
          () => store.stat(path('/a/out/etc')),
          () => store.open(deep, { read: true, from: 9 }),
          () => store.open(path('/a/b'), { read: true }),
          () => store.open(path('/pipe'), { read: true }),
          async () => (await store.open(deep, { read: true })).close(),
          async () => (await store.open(deep, { write: true })).abort(new Error('lost')),
          () => store.change(deep, { mode: 0o600, size: 1, modified: new Date(0), owner: 'nobody at all' }),
          () => store.change(deep, { mode: 0o600, size: 1, modified: new Date(0) }),
          () => store.space(deep),
          () => list(store, '/a/b/c'),
          () => list(store, '/file'),
          async () => {
            for await (const batch of store.list(path('/a/b/c'))) if (batch.length > 0) break
          },
          () => store.link(path('/a/b/hard'), '/a/b/again/c/7', 'hard'),
          () => store.rename(path('/a/b/hard'), path('/a/b/again/c/8'), false),
          () => store.rename(path('/a/b/hard'), path('/a/b/again/c/8'), true),
        ]
        await Promise.allSettled(deeds.map((deed) => deed()))
        for (const deed of deeds) await deed().catch(() => undefined)
        assert.equal(readdirSync('/proc/self/fd').length, before)
      },
    )

    test('a closed store reaches nothing any more, but finishes what is under way', async (context) => {
      const { store } = await diskWorld(confinement, context)
      await put(store, '/file', 'content')
      const file = await store.open(path('/file'), { read: true })
      const underWay = [store.stat(path('/file')), list(store, '/'), store.mkdir(path('/new'))]
      await store.close()
      await Promise.all(underWay)
      await assert.rejects(store.stat(path('/file')), fault('failed'))
      await assert.rejects(store.open(path('/file'), { read: true }), fault('failed'))
      await assert.rejects(list(store, '/'), fault('failed'))
      assert.equal(await file.read(new Uint8Array(10), 0), 7)
      await file.close()
    })

    test('a file that is removed, or cut short, while it is open is read as far as it goes', async (context) => {
      const { store } = await diskWorld(confinement, context)
      await put(store, '/file', 'x'.repeat(10_000))
      const file = await store.open(path('/file'), { read: true })
      const into = new Uint8Array(20_000)
      await store.change(path('/file'), { size: 6000 })
      assert.equal(await file.read(into, 0), 6000)
      await store.remove(path('/file'))
      assert.equal(await file.read(into, 1000), 5000)
      await file.close()
    })

    test('while a list is read, the event loop goes round', async (context) => {
      const { root, store } = await diskWorld(confinement, context)
      fillWithNames(root, 4000)
      let turns = 0
      let counting = true
      const count = () => {
        turns += 1
        if (counting) setImmediate(count)
      }
      setImmediate(count)
      let batches = 0
      for await (const batch of store.list(path('/'))) {
        assert.ok(batch.length <= 1000)
        batches += 1
      }
      counting = false
      assert.equal(batches, 4)
      assert.ok(turns > 0)
    })

    test('a time before 1970 comes back to the millisecond', async (context) => {
      const { store } = await diskWorld(confinement, context)
      await put(store, '/file', '')
      await store.change(path('/file'), { modified: new Date(-19_335_210_615) })
      assert.equal((await store.stat(path('/file'))).modified.getTime(), -19_335_210_615)
    })

    test('owners go by name where they have one', async (context) => {
      const { store } = await diskWorld(confinement, context)
      await put(store, '/file', '')
      const { owner, group, links } = await store.stat(path('/file'))
      assert.equal(owner, execFileSync('id', ['-un']).toString().trim())
      assert.equal(group, execFileSync('id', ['-gn']).toString().trim())
      assert.equal(links, 1)
      await assert.rejects(store.change(path('/file'), { owner: 'nobody of this name' }), fault('invalid'))
      await assert.rejects(store.change(path('/file'), { group: '-1' }), fault('invalid'))
    })
  })
}

const held = confinements.includes('descriptors') ? false : 'there is no /proc here'

test('the store stays with its directory when that is moved', { skip: held }, async (context) => {
  const { base, root, store } = await diskWorld('descriptors', context)
  await rename(root, join(base, 'moved'))
  await symlink(join(base, 'outside'), root)
  await put(store, '/file', 'content')
  assert.deepEqual(readdirSync(join(base, 'moved')), ['file'])
  assert.deepEqual(readdirSync(join(base, 'outside')), ['secret'])
})

test('a root that is not there or not a directory is refused', async (context) => {
  const { base } = await diskWorld('real-paths', context)
  for (const confinement of confinements) {
    await assert.rejects(diskStore(join(base, 'missing'), { confinement }), fault('not-found'))
    await assert.rejects(diskStore(join(base, 'outside/secret'), { confinement }), fault('not-directory'))
  }
})
