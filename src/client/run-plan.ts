import { entryIfTold } from '../core/entry-if-told.ts'
import { asError, FileError } from '../core/error.ts'
import type { Clock } from '../core/clock.ts'
import { copyPersistently } from './copy-persistently.ts'
import { asTold, copyFile, keep, type CopyHow } from './copy-file.ts'
import { isRemote, type End } from './end.ts'
import { isDiskFull } from './is-disk-full.ts'
import { makeDirectory } from './make-directory.ts'
import { smallFile } from './move-bytes.ts'
import { worthGoingOn } from './own-part.ts'
import type { Action } from './plan.ts'
import { inside } from './plan-work.ts'
import { retrying } from './retrying.ts'
import { twinError } from './twins.ts'
import { UnderWay } from './under-way.ts'

/** What became of one action. */
export interface Result {
  readonly action: Action
  /** undefined: it was done. */
  readonly error?: Error
  /** How many bytes moved for it. */
  readonly bytes: number
}

/** How a plan is run, and who is told of it. */
export interface RunOptions extends Omit<CopyHow, 'entry' | 'moved' | 'whole' | 'begunAnew'> {
  readonly clock: Clock
  /** How many files at once, 4 if not said. */
  readonly jobs?: number | undefined
  /** How often the same file is tried again after trouble that may pass, 3 times if not said. */
  readonly retries?: number | undefined
  readonly moved?: ((action: Action, bytes: number) => void) | undefined
  readonly started?: ((action: Action) => void) | undefined
  /** Told that a file is whole under its name, before its time is set. */
  readonly whole?: ((path: string, action: Action) => void) | undefined
  /** Told why a file begins anew whose first part is no beginning of it any more. */
  readonly begunAnew?: ((action: Action, why: Error) => void) | undefined
}

/** Does what a plan says, several files at once, and tells of each action how it went. One that fails stops no other, but for a full disk here. */
export async function* runPlan(
  actions: AsyncIterable<Action>,
  from: End,
  to: End,
  options: RunOptions,
): AsyncGenerator<Result> {
  const jobs = Math.max(1, options.jobs ?? 4)
  const results: Result[] = []
  const underWay = new UnderWay()
  let isFull = false
  let taken: string | undefined
  const start = async (action: Action): Promise<Result> => {
    underWay.begin()
    const result = await perform(action, from, to, options)
    results.push(result)
    isFull ||= isDiskFull(result.error)
    underWay.end()
    return result
  }
  let removal: { readonly path: string; readonly done: Promise<Result> } | undefined
  let inTheWay: Result | undefined
  try {
    await makeDirectory(to.store, to.path)
    for await (const action of actions) {
      options.signal?.throwIfAborted()
      // A directory goes when all that was in it has gone, and comes before what is to be in it.
      if (action.kind === 'rmdir') await underWay.atMost(0)
      // What is to come in its place waits until a file or a link has gone: below a link all would be written elsewhere.
      if (removal?.path === action.path) {
        const gone = await removal.done
        inTheWay = gone.error === undefined ? undefined : gone
      }
      if (inTheWay !== undefined && isAtOrBelow(action.path, inTheWay.action.path)) {
        results.push({ ...inTheWay, action })
        continue
      }
      await underWay.atMost((isAskedAboutBesides(action, from, to) ? 2 * jobs : jobs) - 1)
      if (isFull) break
      if (taken !== undefined && isAtOrBelow(action.path, taken)) continue
      if (action.twin !== undefined) {
        await underWay.atMost(0)
        if ((await entryIfTold(to.store, inside(to, action.path))) !== undefined) {
          taken = action.path
          results.push({ action, error: twinError(action.twin), bytes: 0 })
          continue
        }
      }
      const done = start(action)
      if (action.kind === 'remove') removal = { path: action.path, done }
      if (action.kind === 'mkdir' || action.kind === 'rmdir') await done
      while (results.length > 0) yield results.shift() as Result
    }
  } finally {
    await underWay.atMost(0)
  }
  yield* results
}

/** A small file that a server takes in one go is asked about while the next is sent: so twice as many are under way in as many sessions. */
function isAskedAboutBesides(action: Action, from: End, to: End): boolean {
  if (action.kind !== 'copy' || action.from.size > smallFile || isRemote(from.store)) return false
  return isRemote(to.store) && to.store.writeWhole !== undefined
}

function isAtOrBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}/`)
}

async function perform(action: Action, from: End, to: End, options: RunOptions): Promise<Result> {
  let bytes = 0
  try {
    options.started?.(action)
    const count = (moved: number): void => {
      bytes += moved
      options.moved?.(action, moved)
    }
    if (action.kind === 'copy') await copy(action, from, to, options, count)
    else await retrying(options, (failed) => act(action, from, to, options).catch(unlessGone(action, failed)))
    return { action, bytes }
  } catch (thrown) {
    return { action, bytes, error: asError(thrown) }
  }
}

type Copying = Extract<Action, { readonly kind: 'copy' }>

async function copy(
  action: Copying,
  from: End,
  to: End,
  options: RunOptions,
  moved: (bytes: number) => void,
): Promise<void> {
  const { moved: _moved, whole, started: _started, begunAnew, clock, retries, ...rest } = options
  const source = { store: from.store, path: inside(from, action.path) }
  const target = { store: to.store, path: inside(to, action.path) }
  const large = action.from.size >= worthGoingOn
  const how: CopyHow = {
    resume: 'part',
    ...(isRemote(to.store) && large ? { landing: 'beside' } : {}),
    ...rest,
    entry: action.from,
    moved,
    whole: () => whole?.(action.path, action),
    begunAnew: (why) => begunAnew?.(action, why),
  }
  await copyPersistently(source, how, { clock, retries }, (each) => copyFile(source, target, each))
}

/** A removal whose answer was lost finds nothing when it is tried again: it is done. */
function unlessGone({ kind }: Action, failed: number): (thrown: unknown) => void {
  return (thrown) => {
    const removes = kind === 'remove' || kind === 'rmdir'
    const isGone = thrown instanceof FileError && thrown.fault === 'not-found'
    if (!removes || failed === 0 || !isGone) throw thrown
  }
}

async function act(action: Exclude<Action, Copying>, from: End, to: End, options: RunOptions): Promise<void> {
  const { store } = to
  const path = inside(to, action.path)
  switch (action.kind) {
    case 'mkdir':
      return makeDirectory(store, path)
    case 'link':
      if (action.replaces) await store.remove(path)
      return store.link(path, action.from.target ?? '', 'symbolic')
    case 'keep':
      return keep(to, path, action.from, asTold(from, action.from, options))
    case 'remove':
      return store.remove(path)
    case 'rmdir':
      return store.rmdir(path)
    case 'skip':
      return
    case 'trouble':
      throw action.error
  }
}
