import { parsePath, type Path } from '../../src/core/path.ts'
import type { Entry, Opening, Store } from '../../src/core/store.ts'
import { transfer } from '../../src/core/transfer.ts'

/** What a deed brought to light: texts of files, and entries. */
export type Findings = readonly (string | Entry)[]

/** One thing tried on a store. */
export type Deed = (store: Store) => Promise<Findings>

/** Everything that a Store can do, on paths through the names that are swapped. */
export const deeds: readonly Deed[] = [
  ...deedsThrough('spot'),
  ...deedsThrough('deep/spot'),
  list(path('spot/many')),
  read('flip'),
  read('stolen'),
  write('flip', { write: true }),
  write('flip', { write: true, create: 'allow', truncate: true }),
  write('gift', { write: true, create: 'allow', truncate: true }),
  async (store) => [await store.stat(path('flip'))],
  silently((store) => store.change(path('flip'), { mode: 0o600, modified: new Date(0), size: 1 })),
  silently((store) => store.link(path('stolen'), '/flip', 'hard')),
  silently((store) => store.remove(path('stolen'))),
]

function deedsThrough(place: string): Deed[] {
  const at = (name: string) => path(`${place}/${name}`)
  return [
    ...['file', 'inner/file', 'secret', 'moved'].map((name) => read(`${place}/${name}`)),
    ...['', 'inner'].map((name) => list(at(name))),
    ...['file', 'secret', 'inner', 'inner/secret'].map((name): Deed => async (store) => [
      await store.stat(at(name)),
    ]),
    async (store) => [await store.stat(at('file'), false)],
    write(`${place}/file`, { write: true }),
    write(`${place}/file`, { write: true, create: 'allow', truncate: true }),
    write(`${place}/new`, { write: true, create: 'require' }),
    write(`${place}/victim`, { write: true, create: 'allow' }),
    write(`${place}/inner/new`, { read: true, write: true, create: 'allow', append: true }),
    silently((store) => store.remove(at('victim'))),
    silently((store) => store.remove(at('new'))),
    silently((store) => store.mkdir(at('made'))),
    silently((store) => store.rmdir(at('made'))),
    silently((store) => store.rmdir(at('empty'))),
    silently((store) => store.mkdir(at('empty'))),
    silently((store) => store.rename(at('file'), at('moved'), true)),
    silently((store) => store.rename(at('moved'), at('file'), false)),
    silently((store) => store.rename(at('secret'), path('stolen'), true)),
    silently((store) => store.rename(path('gift'), at('gift'), false)),
    silently((store) => store.change(at('file'), { mode: 0o600, modified: new Date(0) })),
    silently((store) => store.change(at('inner/file'), { size: 1 })),
    silently((store) => store.change(at('empty'), { mode: 0o700 })),
    silently((store) => store.link(at('link'), 'file', 'symbolic')),
    silently((store) => store.remove(at('link'))),
    silently((store) => store.link(at('hard'), `/${place}/file`, 'hard')),
    silently((store) => store.remove(at('hard'))),
    silently((store) => store.link(path('stolen'), `/${place}/secret`, 'hard')),
    silently((store) => store.space(at('inner'))),
  ]
}

function path(text: string): Path {
  return parsePath(`/${text}`)
}

function silently(deed: (store: Store) => Promise<unknown>): Deed {
  return async (store) => {
    await deed(store)
    return []
  }
}

function read(name: string): Deed {
  return async (store) => {
    const file = await store.open(path(name), { read: true })
    return transfer(file, async () => {
      const into = new Uint8Array(100)
      const count = await file.read(into, 0)
      return [new TextDecoder().decode(into.subarray(0, count)), await file.stat()]
    })
  }
}

function write(name: string, how: Opening): Deed {
  return async (store) => {
    const file = await store.open(path(name), how)
    return transfer(file, async () => {
      await file.write([new TextEncoder().encode('inside')], 0)
      return [await file.stat()]
    })
  }
}

function list(at: Path): Deed {
  return async (store) => {
    const entries: Entry[] = []
    for await (const batch of store.list(at)) entries.push(...batch)
    return entries
  }
}
