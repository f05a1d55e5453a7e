import { dirname } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import { counted } from '../../core/counted.ts'
import { FileError, IncompleteError, wantsAnew } from '../../core/error.ts'
import { parentOf } from '../../core/path.ts'
import type { Entry } from '../../core/store.ts'
import { copyFile, type Copied, type CopyHow } from '../../client/copy-file.ts'
import { copyPersistently } from '../../client/copy-persistently.ts'
import type { Pace } from '../../client/pace.ts'
import { isRemote, type End } from '../../client/end.ts'
import { isDiskFull } from '../../client/is-disk-full.ts'
import { isOfDisk } from '../../client/is-of-disk.ts'
import { formatBytes } from '../format-bytes.ts'
import type { Output } from '../output.ts'
import { progressBar } from './progress-bar.ts'

/** What bringing needs of the command that asks for it. */
export interface Bringing {
  readonly out: Output
  readonly pace: Pace | undefined
  readonly retries: number
  readonly signal: AbortSignal
  /** Nobody looks on: no bar. */
  readonly background?: boolean
  /** Told of bytes as they move. */
  readonly moved?: ((bytes: number) => void) | undefined
}

/** One thing to bring, and where it is to be. */
export interface Errand {
  readonly thing: { readonly place: End & { readonly words: string }; readonly entry: Entry }
  readonly to: End
  /** How the target is shown. */
  readonly words: string
}

export interface BringHow extends Pick<CopyHow, 'resume' | 'landing' | 'verify' | 'keepModes' | 'across'> {
  readonly recursive: boolean
  readonly segments: number
  readonly jobs: number
}

/** Brings files and, if asked to, directories; goes on with the next when one fails, unless the disk here is full. */
export async function bring(fetching: Bringing, errands: readonly Errand[], how: BringHow): Promise<void> {
  const bar = fetching.background ? undefined : progressBar(fetching.out)
  for (const { thing } of errands) bar?.expect(1, thing.entry.size)
  let isFull = false
  try {
    for (const [at, errand] of errands.entries()) {
      bar?.start(errand.thing.place.words)
      try {
        if (errand.thing.entry.kind === 'directory') isFull = await bringTree(fetching, errand, how, bar)
        else await bringFile(fetching, errand, how, bar)
      } catch (thrown) {
        if (fetching.signal.aborted) throw thrown
        isFull = isDiskFull(thrown)
        const noFolder = await missingFolder(thrown, errand)
        if (noFolder === undefined)
          fetching.out.failed(thrown, blamed(thrown, errand, errand.thing.place.words))
        else fetching.out.failed(noFolder)
      }
      bar?.fileDone()
      if (!isFull) continue
      if (at + 1 < errands.length) fetching.out.note(fullText)
      break
    }
  } finally {
    bar?.end()
  }
}

/** Where the folder is missing that a file of this machine was to be put into: the source is there, and is not to be blamed. */
async function missingFolder(thrown: unknown, { to, words }: Errand): Promise<FileError | undefined> {
  if (!(thrown instanceof FileError) || thrown.fault !== 'not-found' || isRemote(to.store)) return undefined
  try {
    await to.store.stat(parentOf(to.path))
    return undefined
  } catch (cause) {
    if (!(cause instanceof FileError)) throw cause
  }
  return new FileError('not-found', `${words} cannot be written: there is no folder ${dirname(words)}`, {
    cause: thrown,
  })
}

/** What is wrong with the disk here is not to be read as if it were the other side's. */
function blamed(thrown: unknown, { thing, to, words }: Errand, source: string): string {
  const isHere = isRemote(thing.place.store) && !isRemote(to.store) && isOfDisk(thrown)
  return isHere ? words : source
}

type Bar = ReturnType<typeof progressBar>

async function bringFile(fetching: Bringing, errand: Errand, how: BringHow, bar: Bar): Promise<void> {
  const { place, entry } = errand.thing
  const started = systemClock.ticks()
  let moved = 0
  const options: CopyHow = {
    ...how,
    entry,
    pace: fetching.pace,
    signal: fetching.signal,
    moved(bytes) {
      moved += bytes
      bar?.moved(bytes)
      fetching.moved?.(bytes)
    },
    begunAnew: (why) => fetching.out.note(`${place.words}: ${begunAnewText(why)}`),
  }
  const patience = { clock: systemClock, retries: fetching.retries }
  const copied = await copyPersistently(place, options, patience, async (each) => {
    if (how.segments <= 1) return copyFile(place, errand.to, each)
    const { copySegments } = await import('../../client/segments.ts')
    return copySegments(place, errand.to, how.segments, each)
  }).catch((thrown: unknown) => {
    // A small file is held until it is whole, and of one of which nothing came nothing is kept.
    if (moved === 0) throw thrown
    if (fetching.signal.aborted) fetching.out.note(`what came of ${place.words} is kept: ${goesOn}`)
    throw withHint(thrown, how)
  })
  const seconds = (systemClock.ticks() - started) / 1000
  await fetching.out.did(copiedText(errand, copied, seconds), {
    copied: place.words,
    to: errand.words,
    ...copied,
    seconds: Math.round(seconds * 1000) / 1000,
  })
  if (copied.grew === true) fetching.out.note(`${place.words} ${grewText}`)
  if (copied.completeness === 'unproven') {
    fetching.out.note(
      `${place.words}: the other side tells no size that agrees, so nothing proves that all of it came`,
    )
  }
}

function copiedText({ thing, words }: Errand, { size, resumedAt, way }: Copied, seconds: number): string {
  const moved = size - resumedAt
  const rate = seconds > 0.05 ? `, ${formatBytes(moved / seconds)}/s` : ''
  const resumed = resumedAt > 0 ? `, ${formatBytes(resumedAt)} of it were there` : ''
  const there = way === 'over-there' ? ', without passing here' : ''
  return `${thing.place.words} -> ${words}  ${formatBytes(size)}${resumed}${rate}${there}`
}

/** Whether the disk here became full with it. */
async function bringTree(fetching: Bringing, errand: Errand, how: BringHow, bar: Bar): Promise<boolean> {
  const { place } = errand.thing
  if (!how.recursive) {
    throw new FileError('is-directory', 'a directory', {
      facts: { hint: 'With -r it comes with all that is in it.' },
    })
  }
  const { plan } = await import('../../client/plan.ts')
  const { runPlan } = await import('../../client/run-plan.ts')
  const actions = plan(place, errand.to, { signal: fetching.signal })
  const { recursive: _recursive, segments: _segments, resume: _resume, ...rest } = how
  const results = runPlan(actions, place, errand.to, {
    ...rest,
    clock: systemClock,
    retries: fetching.retries,
    pace: fetching.pace,
    signal: fetching.signal,
    started: (action) => bar?.start(action.path),
    moved(_action, bytes) {
      bar?.moved(bytes)
      fetching.moved?.(bytes)
    },
    begunAnew: ({ path }, why) =>
      fetching.out.note(`${place.words.replace(/\/$/u, '')}/${path}: ${begunAnewText(why)}`),
  })
  const sum = { files: 0, size: 0, failed: 0 }
  let isFull = false
  for await (const { action, error, bytes } of results) {
    const words = `${place.words.replace(/\/$/u, '')}/${action.path}`
    if (error !== undefined) {
      // What else was under way has met the same.
      if (isFull && isDiskFull(error)) continue
      isFull ||= isDiskFull(error)
      sum.failed += 1
      const target = { ...errand, words: `${errand.words.replace(/\/$/u, '')}/${action.path}` }
      fetching.out.failed(error, blamed(error, target, words))
    } else if (action.kind === 'skip') fetching.out.note(`${words} is left out: ${action.why}`)
    else if (action.kind !== 'mkdir') {
      sum.files += 1
      sum.size += bytes
      await fetching.out.did(words, { copied: words, size: bytes }, 'verbose')
    }
  }
  const failed = sum.failed === 0 ? '' : `; ${sum.failed} failed${isFull ? `; ${fullText}` : ''}`
  if (sum.failed === 0) fetching.out.went()
  await fetching.out.told(
    `${place.words} -> ${errand.words}  ${counted(sum.files, 'file')}, ${formatBytes(sum.size)}${failed}`,
    { copied: place.words, to: errand.words, ...sum },
  )
  return isFull
}

/** What becomes of everything else once the disk here is full. */
export const fullText = 'as the disk here is full, the rest was left'

const grewText = 'grew meanwhile: what arrived is what it was, if it is only appended to'

/** Why a file comes from its beginning again. */
export function begunAnewText(why: Error): string {
  return `${why.message}; beginning anew`
}

const goesOn = 'the same again with --resume (-c) goes on'

const keptHint = `What came is kept: ${goesOn}.`

function withHint(thrown: unknown, { resume }: BringHow): unknown {
  return thrown instanceof IncompleteError && !wantsAnew(thrown) && resume !== 'file'
    ? Object.assign(thrown, {
        facts: { hint: keptHint, ...factsOf(thrown) },
      })
    : thrown
}

function factsOf(error: Error): object {
  return 'facts' in error ? (error.facts as object) : {}
}
