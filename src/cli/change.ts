import { FileError } from '../core/error.ts'
import { resolvePath, type Path } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { under } from '../client/end.ts'
import { isDirectory, makeDirectory } from '../client/make-directory.ts'
import { removeTree } from '../client/remove-tree.ts'
import { changeMode } from './fetching/change-mode.ts'
import { readMode } from './fetching/read-mode.ts'
import { each, eachThing } from './fetching/each.ts'
import { expand, type Thing } from './fetching/expand.ts'
import { atLeast, fetchCommand } from './fetching/fetch-command.ts'
import { lastName, type Fetching, type Place } from './fetching/fetching.ts'
import { UsageError } from './usage-error.ts'

/** The commands that change what is there, and move no bytes through here. */
export const rm = fetchCommand(
  'rm',
  {
    recursive: { type: 'boolean', short: 'r', does: 'directories too, with all that is in them' },
    force: { type: 'boolean', short: 'f', does: 'what is not there is no trouble' },
  },
  async (fetching, said, rest) => {
    atLeast('rm', rest, 1, 'a place')
    await each(fetching, rest, async (word) => {
      for (const { place } of await thingsToRemove(fetching, word, said.force)) {
        await removeOne(fetching, place, said.recursive)
        await fetching.out.did(`removed ${place.words}`, { removed: place.words }, 'verbose')
      }
    })
  },
)

/** Links are themselves; with --force what is not there is no trouble. */
async function thingsToRemove(fetching: Fetching, word: string, force: boolean): Promise<readonly Thing[]> {
  try {
    return await expand(fetching, word, false)
  } catch (thrown) {
    if (force && thrown instanceof FileError && thrown.fault === 'not-found') return []
    throw thrown
  }
}

async function removeOne(fetching: Fetching, place: Place, recursive: boolean): Promise<void> {
  // Here the directory is removed from the one above it.
  const whole = place.location.kind === 'local' ? await fetching.fromTop(place) : place
  const { store, path } = under(whole, fetching.signal)
  const entry = await store.stat(path, false)
  if (entry.kind !== 'directory') return store.remove(path)
  if (recursive) return removeTree(store, path, undefined, fetching.signal)
  throw new FileError('is-directory', `${place.words} is a directory`, {
    facts: { hint: 'With -r it goes with all that is in it.' },
  })
}

export const mkdir = fetchCommand(
  'mkdir',
  { parents: { type: 'boolean', short: 'p', does: 'with those above it; one that is there is no trouble' } },
  async (fetching, said, rest) => {
    atLeast('mkdir', rest, 1, 'a place')
    await each(fetching, rest, async (word) => {
      const place = await fetching.place(word)
      const { store, path } = under(place, fetching.signal)
      if (said.parents) await makeDirectory(store, path)
      else await store.mkdir(path)
      await fetching.out.did(`made ${place.words}`, { made: place.words }, 'verbose')
    })
  },
)

export const mv = fetchCommand(
  'mv',
  { 'no-clobber': { type: 'boolean', short: 'n', does: 'replace nothing' } },
  async (fetching, said, rest) => {
    atLeast('mv', rest, 2, 'what to move, and where to')
    const target = await fetching.place(rest.at(-1) ?? '')
    const into = target.isDirectory || rest.length > 2 || (await isDirectory(target.store, target.path))
    const move = async ({ place }: Thing): Promise<void> => {
      const { from, to } = await sameStore(fetching, place, target)
      const path = into ? resolvePath(to.path, lastName(place)) : to.path
      await under(from, fetching.signal).store.rename(from.path, path, !said['no-clobber'])
      const words = into ? target.show(path) : target.words
      await fetching.out.did(`moved ${place.words} to ${words}`, { moved: place.words, to: words }, 'verbose')
    }
    await eachThing(fetching, rest.slice(0, -1), move, false)
  },
)

/** Two places of this machine are opened apart: seen from its root they are of one store. */
async function sameStore(fetching: Fetching, from: Place, to: Place): Promise<{ from: Place; to: Place }> {
  if (from.store === to.store) return { from, to }
  if (from.location.kind === 'local' && to.location.kind === 'local') {
    const [source, target] = await Promise.all([fetching.fromTop(from), fetching.fromTop(to)])
    return { from: source, to: target }
  }
  throw new UsageError('mv moves within one machine. Between two, use "ferry cp" and then "ferry rm".')
}

export const chmod = fetchCommand(
  'chmod',
  { recursive: { type: 'boolean', short: 'R', does: 'all that is below too' } },
  async (fetching, said, rest) => {
    atLeast('chmod', rest, 2, 'a mode like 644 or u+x, and a place')
    const [text = '', ...words] = rest
    const mode = readMode(text)
    await eachThing(fetching, words, async ({ place }) => {
      await changeMode(under(place, fetching.signal), mode, said.recursive, fetching.signal)
      await fetching.out.did(
        typeof mode === 'number' ? `${place.words} has mode ${text}` : `${place.words}: ${text}`,
        { changed: place.words, mode: text },
        'verbose',
      )
    })
  },
)

export const touch = fetchCommand(
  'touch',
  {
    date: {
      type: 'string',
      short: 'd',
      value: 'TIME',
      does: 'this time, like 2026-11-25T10:00:00Z; now if not said',
    },
  },
  async (fetching, said, rest) => {
    atLeast('touch', rest, 1, 'a place')
    const time = said.date === undefined ? fetching.now() : new Date(said.date)
    if (Number.isNaN(time.getTime()))
      throw new UsageError(`"${said.date}" is no time: write it like 2026-11-25T10:00:00Z.`)
    await each(fetching, rest, async (word) => {
      const place = await fetching.place(word)
      const { store, path } = under(place, fetching.signal)
      const isNew = await makeIfMissing(store, path)
      if (!isNew || said.date !== undefined) await store.change(path, { modified: time })
      await fetching.out.did(`touched ${place.words}`, { touched: place.words, modified: time }, 'verbose')
    })
  },
)

/** Makes an empty file where there is nothing; says whether it did. */
async function makeIfMissing(store: Store, path: Path): Promise<boolean> {
  try {
    await store.stat(path)
    return false
  } catch (thrown) {
    if (!(thrown instanceof FileError) || thrown.fault !== 'not-found') throw thrown
    await (await store.open(path, { write: true, create: 'require' })).close()
    return true
  }
}
