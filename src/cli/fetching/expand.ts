import { FileError } from '../../core/error.ts'
import { joinPath, nameOf, parentOf } from '../../core/path.ts'
import type { Entry } from '../../core/store.ts'
import { under, type End } from '../../client/end.ts'
import { listAll } from '../../client/walk.ts'
import { compileGlob, hasGlob } from '../../wire/glob.ts'
import type { Fetching, Place } from './fetching.ts'

/** A place and what is there. */
export interface Thing {
  readonly place: Place
  readonly entry: Entry
}

/** The things that a word means: one, or those that a pattern in its last part fits. Links are followed unless said otherwise. */
export async function expand(fetching: Fetching, word: string, follow = true): Promise<Thing[]> {
  const place = await fetching.place(word)
  const name = nameOf(place.path)
  // A shell has looked at patterns of this machine already; and a name that is there is no pattern.
  if (place.location.kind === 'local' || !hasGlob(name)) return [await thingAt(place, follow)]
  try {
    return [await thingAt(place, follow)]
  } catch (thrown) {
    if (!(thrown instanceof FileError)) throw thrown
  }
  const fits = compileGlob(name) ?? (() => false)
  const directory = parentOf(place.path)
  const { store } = under(place, fetching.signal)
  const found = (await listAll(store, directory)).filter((entry) => fits(entry.name))
  if (found.length === 0) throw new FileError('not-found', `nothing fits ${place.words}`)
  return found.map((entry) => {
    const path = joinPath(directory, entry.name)
    return { entry, place: { ...place, path, words: place.show(path), isDirectory: false } }
  })
}

/** What is at a place; links are followed unless said otherwise. */
export async function thingAt<At extends End & { readonly words: string }>(
  place: At,
  follow = true,
): Promise<{ place: At; entry: Entry }> {
  try {
    return { place, entry: await place.store.stat(place.path, follow) }
  } catch (thrown) {
    if (thrown instanceof FileError && thrown.fault === 'not-found') {
      throw new FileError('not-found', `there is no ${place.words}`, { cause: thrown, facts: thrown.facts })
    }
    throw thrown
  }
}
