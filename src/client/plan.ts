import { counted } from '../core/counted.ts'
import { asError, FileError } from '../core/error.ts'
import type { Entry } from '../core/store.ts'
import type { Choice } from './choice.ts'
import { digest, digestOverThere } from './digest.ts'
import { under, unreadIn, type End } from './end.ts'
import { listBoth, type BothListed, type IsAlike } from './list-both.ts'
import { ListingAhead, type Coming } from './listing-ahead.ts'
import { isPartName } from './part-path.ts'
import { inTheWay, leftOvers, removals } from './plan-removals.ts'
import { at, chosen, inside, partName, type Batches, type Work } from './plan-work.ts'
import { compareFiles, compareTold, suspectedZone, type Compare, type Difference } from './same.ts'
import { findTwins } from './twins.ts'
import { listing } from './walk.ts'

/** One thing to do so that the target becomes like the source. `path` is below both. */
export type Action = Kind & {
  /** The name of another thing, which is the same name where case is not told apart. */
  readonly twin?: string
}

type Kind =
  | { readonly kind: 'mkdir'; readonly path: string; readonly from: Entry }
  | {
      readonly kind: 'copy'
      readonly path: string
      readonly from: Entry
      readonly why: 'new' | Exclude<Difference, 'same'>
      readonly note?: string
    }
  | { readonly kind: 'link'; readonly path: string; readonly from: Entry; readonly replaces: boolean }
  | { readonly kind: 'keep'; readonly path: string; readonly from: Entry }
  | { readonly kind: 'remove'; readonly path: string; readonly size: number }
  | { readonly kind: 'rmdir'; readonly path: string }
  | { readonly kind: 'skip'; readonly path: string; readonly why: string }
  | { readonly kind: 'trouble'; readonly path: string; readonly error: Error }

/** How source and target are compared, and what is removed. */
export interface PlanOptions {
  readonly compare?: Compare | undefined
  /** A target that is as new as the source, or newer, is left as it is. */
  readonly onlyNewer?: boolean | undefined
  /** Removes what the source does not have. */
  readonly delete?: boolean | undefined
  /** Removes all when the source is empty, which is refused otherwise. */
  readonly deleteAll?: boolean | undefined
  readonly choice?: Choice | undefined
  /** What an earlier run noted of this file: that it brought it whole, or began to, and did not come to set its time. */
  readonly noted?: ((path: string, from: Entry) => 'whole' | 'begun' | undefined) | undefined
  /** What time it is here: parts that killed copies have left on this machine are removed when they are old. */
  readonly now?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * What would make `target` like `source`, one directory after another: the plan of a tree of any size needs the memory of a few
 * directories. Nothing is touched. Whatever could not be listed is told, and nothing below it is removed.
 */
export async function* plan(source: End, target: End, options: PlanOptions = {}): AsyncGenerator<Action> {
  const from = under(source, options.signal)
  const to = under(target, options.signal)
  const twins = new Map<string, string>()
  const work = { from, to, options, isAlike: isAlikeFor(to, options), twins }
  const listed = await listBoth(listing(from.store, from.path), listingIfThere(to), work.isAlike)
  const isEmpty = listed.isEmpty && unreadIn(from) === 0
  if (isEmpty && listed.there.length > 0 && options.delete === true && options.deleteAll !== true) {
    throw new FileError('invalid', 'the source is empty, and everything at the target would be removed', {
      facts: { hint: 'If that is what you mean, say --delete-all.' },
    })
  }
  for await (const actions of compareDirectory(work, '', listed)) {
    for (const action of actions) {
      const twin = twins.get(action.path)
      yield twin === undefined ? action : { ...action, twin }
    }
  }
}

/** So many actions are handed up together. */
const mostTogether = 64

async function* compareDirectory(work: Work, below: string, listed: BothListed): Batches {
  const { entries, there } = listed
  const targets = new Map(there.map((entry) => [entry.name, entry]))
  for (const [name, twin] of await findTwins(at(work.to, below), listed, targets))
    work.twins.set(below === '' ? name : `${below}/${name}`, twin)
  const parts = new Set<string>()
  const holdsParts = work.options.delete === true && there.some(({ name }) => isPartName(name))
  const ahead = new ListingAhead(comingIn(work, below, entries, targets), work.isAlike)
  let batch: Action[] = []
  for (const entry of entries) {
    work.options.signal?.throwIfAborted()
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    const target = targets.get(entry.name)
    if (isPartName(entry.name) || !chosen(work, path, entry)) continue
    if (!isLocalName(entry.name)) {
      batch.push({ kind: 'skip', path: shown(path), why: 'its name would lead to another place' })
      continue
    }
    targets.delete(entry.name)
    if (holdsParts) parts.add(partName(work, below, entry))
    const isNew = entry.kind === 'file' && target === undefined
    if (isNew) batch.push({ kind: 'copy', path, from: entry, why: 'new' })
    if (batch.length >= mostTogether || !isNew) {
      yield batch
      batch = []
    }
    if (!isNew) yield* compareEntry(work, path, entry, target, ahead)
  }
  yield batch
  if (unreadIn(at(work.from, below)) > 0) yield [unreadable(work, below)]
  else if (work.options.delete === true) yield* removals(work, below, [...targets.values()], parts)
  if (work.options.delete !== true) yield leftOvers(work, below, entries, there)
}

/** What is not seen is not missing: nothing is removed for it. But it was not brought either, and who asked must know. */
function unreadable({ from, options }: Work, below: string): Action {
  const path = below === '' ? '?' : `${below}/?`
  const count = unreadIn(at(from, below))
  const why = `${counted(count, 'line')} of the listing cannot be read`
  const kept = options.delete === true ? ', so nothing is removed in that directory' : ''
  const error = new FileError('unsupported', `${why}${kept}`, {
    facts: {
      hint: 'They may be names that lead elsewhere. Over FTP, --transcript FILE shows what the server said.',
    },
  })
  return { kind: 'trouble', path, error }
}

/** The directories that a comparison will enter, in its order. */
function comingIn(
  work: Work,
  below: string,
  entries: readonly Entry[],
  targets: ReadonlyMap<string, Entry>,
): readonly Coming[] {
  return entries.flatMap(({ name, kind }) => {
    const path = below === '' ? name : `${below}/${name}`
    const enters = kind === 'directory' && isLocalName(name) && !isPartName(name)
    if (!enters || work.options.choice?.(path, true) === false) return []
    const isThere = targets.get(name)?.kind === 'directory'
    return [{ name, from: at(work.from, path), to: isThere ? at(work.to, path) : undefined }]
  })
}

/** What `joinPath` takes is inside for every Store; on Windows more than that has a meaning, and its store refuses it. */
function isLocalName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\0]/u.test(name)
}

/** Files of which nothing more need be asked. Most of a tree is such files, and a generator for each took half as long as listing them. */
function isAlikeFor(to: End, { compare = 'size+mtime' }: PlanOptions): IsAlike {
  if (compare === 'hash') return () => false
  return (entry, target) =>
    entry.kind === 'file' &&
    target.kind === 'file' &&
    compareTold(entry, to, target, compare) === 'same' &&
    isLocalName(entry.name) &&
    !isPartName(entry.name)
}

async function* compareEntry(
  work: Work,
  path: string,
  entry: Entry,
  target: Entry | undefined,
  ahead: ListingAhead,
): Batches {
  switch (entry.kind) {
    case 'directory':
      yield* enter(work, path, entry, target, ahead)
      return
    case 'file':
      yield* compareFile(work, path, entry, target)
      return
    case 'link':
      if (entry.target === undefined) {
        yield [{ kind: 'skip', path, why: 'a link, and nobody tells where it leads' }]
      } else if (!work.to.store.features.has('links')) {
        yield [{ kind: 'skip', path, why: 'a link, and the target has none' }]
      } else if (target === undefined || (target.kind === 'link' && target.target !== entry.target)) {
        yield [{ kind: 'link', path, from: entry, replaces: target !== undefined }]
      } else if (target.kind !== 'link') {
        yield* inTheWay(work, path, entry, target)
        if (work.options.delete === true) yield [{ kind: 'link', path, from: entry, replaces: false }]
      }
      return
    case 'other':
      yield [{ kind: 'skip', path, why: 'neither a file nor a directory' }]
  }
}

async function* enter(
  work: Work,
  path: string,
  entry: Entry,
  target: Entry | undefined,
  ahead: ListingAhead,
): Batches {
  if (target !== undefined && target.kind !== 'directory') {
    // A link to a directory is left as it is: what is in it belongs to another place.
    if (target.kind === 'link' && !work.options.delete) {
      yield [{ kind: 'trouble', path, error: new FileError('exists', 'a link is in the way') }]
      return
    }
    yield* inTheWay(work, path, entry, target)
    if (work.options.delete !== true) return
  }
  let listed: BothListed
  try {
    listed = await ahead.take(entry.name)
  } catch (thrown) {
    work.options.signal?.throwIfAborted()
    yield [{ kind: 'trouble', path, error: asError(thrown) }]
    return
  }
  if (target?.kind !== 'directory') yield [{ kind: 'mkdir', path, from: entry }]
  yield* compareDirectory(work, path, listed)
}

async function* compareFile(work: Work, path: string, entry: Entry, target: Entry | undefined): Batches {
  const { from, to, options } = work
  if (target === undefined) {
    yield [{ kind: 'copy', path, from: entry, why: 'new' }]
    return
  }
  if (target.kind === 'directory') {
    yield* inTheWay(work, path, entry, target)
    if (options.delete === true) yield [{ kind: 'copy', path, from: entry, why: 'new' }]
    return
  }
  const ends = [
    { store: from.store, path: inside(from, path) },
    { store: to.store, path: inside(to, path) },
  ] as const
  try {
    const compare = options.compare ?? 'size+mtime'
    const why =
      target.kind === 'file' ? await compareFiles(ends[0], entry, ends[1], target, compare) : 'content'
    if (why === 'same' || (options.onlyNewer === true && target.modified >= entry.modified)) return
    if (why === 'time' && (await onlyTimeIsMissing(options.noted?.(path, entry), ends))) {
      yield [{ kind: 'keep', path, from: entry }]
      return
    }
    const note = why === 'time' ? suspectedZone(entry.modified, target.modified) : undefined
    yield [{ kind: 'copy', path, from: entry, why, ...(note === undefined ? {} : { note }) }]
  } catch (thrown) {
    options.signal?.throwIfAborted()
    yield [{ kind: 'trouble', path, error: asError(thrown) }]
  }
}

/** What was begun may have come whole before the run was killed: a hash tells, where the other side can make one. */
async function onlyTimeIsMissing(
  noted: 'whole' | 'begun' | undefined,
  [from, to]: readonly [End, End],
): Promise<boolean> {
  if (noted !== 'begun') return noted === 'whole'
  const made = await digestOverThere(to)
  return made !== undefined && (await digest(from, made.algorithm)) === made.value
}

function shown(path: string): string {
  return JSON.stringify(path).slice(1, -1)
}

async function* listingIfThere({ store, path }: End): AsyncGenerator<readonly Entry[]> {
  try {
    yield* listing(store, path)
  } catch (thrown) {
    if (!(thrown instanceof FileError) || thrown.fault !== 'not-found') throw thrown
  }
}
