import { systemClock } from '../core/clock.ts'
import { FileError } from '../core/error.ts'
import { joinPath, nameOf, parentOf } from '../core/path.ts'
import { pump } from '../client/pump.ts'
import { piecesOf } from '../client/streams.ts'
import { isRemote, under, type End } from '../client/end.ts'
import { sweepBeside } from '../client/left-over.ts'
import { isDirectory, makeDirectory } from '../client/make-directory.ts'
import { transfer } from '../core/transfer.ts'
import { bring, type BringHow, type Errand } from './fetching/bring.ts'
import { expand, type Thing } from './fetching/expand.ts'
import { atLeast, fetchCommand } from './fetching/fetch-command.ts'
import type { Fetching, Place } from './fetching/fetching.ts'
import { formatBytes } from './format-bytes.ts'
import { ifThere } from './shell/if-there.ts'
import { oneOf, wholeNumber, type OptionRows } from './options.ts'
import { besideSpecial } from './fetching/special-file.ts'
import { standardOutput } from './fetching/standard-output.ts'
import { UsageError } from './usage-error.ts'

const transferOptions = {
  recursive: { type: 'boolean', short: 'r', does: 'directories too, with all that is in them' },
  resume: { type: 'boolean', short: 'c', does: 'go on behind what is there already' },
  verify: { type: 'string', value: 'size|hash|auto', does: 'what proves a file whole, auto if not said' },
  preserve: { type: 'boolean', short: 'p', does: 'keep modes too (times are kept anyway)' },
  jobs: {
    type: 'string',
    short: 'j',
    value: 'N',
    does: 'how many files of a directory at once, 4 if not said',
  },
} as const satisfies OptionRows

interface TransferSaid {
  readonly recursive: boolean
  readonly resume: boolean
  readonly verify: string | undefined
  readonly preserve: boolean
  readonly jobs: string | undefined
}

/** The commands that move files. */
export const get = fetchCommand(
  'get',
  {
    output: {
      type: 'string',
      short: 'o',
      value: 'PATH',
      does: 'where to, the folder you stand in if not said; - is stdout',
    },
    segments: { type: 'string', value: 'N', does: 'one file over N connections at once' },
    ...transferOptions,
  },
  async (fetching, said, rest) => {
    atLeast('get', rest, 1, 'something to get')
    const segments = wholeNumber('--segments', said.segments, 1) ?? 1
    const how = howOf(fetching, said, segments)
    const things = await expandAll(fetching, rest)
    if (said.output === '-') return toStdout(fetching, things)
    const errands = await besideSpecial(fetching, await errandsTo(fetching, things, said.output ?? '.'))
    await bring(fetching, errands, how)
    const [first] = errands
    if (first !== undefined) await sweepBeside(first.to, systemClock.now())
  },
)

export const put = fetchCommand(
  'put',
  {
    atomic: { type: 'boolean', does: 'send under another name, and rename when it is whole' },
    parents: { type: 'boolean', does: 'make the directories on the way' },
    ...transferOptions,
  },
  async (fetching, said, rest) => {
    atLeast('put', rest, 2, 'files to send, and where to')
    const how = howOf(fetching, said, 1)
    const words = rest.slice(0, -1)
    const target = rest.at(-1) ?? ''
    if (words.includes('-')) return fromStdin(fetching, words, target)
    const things = await expandAll(fetching, words)
    const errands = await errandsTo(fetching, things, target)
    if (said.parents) for (const { to } of errands) await makeDirectory(to.store, parentOf(to.path))
    await bring(fetching, errands, { ...how, ...(said.atomic ? { landing: 'beside' as const } : {}) })
  },
)

export const cp = fetchCommand(
  'cp',
  {
    across: {
      type: 'boolean',
      does: 'servers under TLS may send to one another, though neither checks the other',
    },
    ...transferOptions,
  },
  async (fetching, said, rest) => {
    atLeast('cp', rest, 2, 'what to copy, and where to')
    const how = { ...howOf(fetching, said, 1, 2), across: said.across ? ('unchecked' as const) : true }
    const things = await expandAll(fetching, rest.slice(0, -1))
    const errands = await errandsTo(fetching, things, rest.at(-1) ?? '')
    await bring(fetching, await besideSpecial(fetching, errands), how)
  },
)

/** `ends`: at how many ends of a copy one server may be. A file that it reads and writes at once takes it two sessions of FTP. */
function howOf(fetching: Fetching, said: TransferSaid, segments: number, ends = 1): BringHow {
  const jobs = wholeNumber('--jobs', said.jobs, 1) ?? 4
  fetching.connections(ends * Math.max(segments, said.recursive ? jobs : 1))
  return {
    recursive: said.recursive,
    resume: said.resume ? 'file' : 'no',
    verify: oneOf('--verify', said.verify, ['size', 'hash', 'auto']),
    keepModes: said.preserve,
    segments,
    jobs,
  }
}

/** What cannot be found is told, and the rest goes on. */
async function expandAll(fetching: Fetching, words: readonly string[]): Promise<Thing[]> {
  const things: Thing[] = []
  for (const word of words) {
    try {
      things.push(...(await expand(fetching, word)))
    } catch (thrown) {
      if (words.length === 1) throw thrown
      fetching.out.failed(thrown)
    }
  }
  return things
}

/** Where each thing is to be: in a directory under its own name, or under the name that was said. */
async function errandsTo(fetching: Fetching, things: readonly Thing[], word: string): Promise<Errand[]> {
  const target = await fetching.place(word)
  const { store, path } = under(target, fetching.signal)
  const isThere = await isDirectory(store, path)
  if (things.length > 1 && !isThere && !target.isDirectory) {
    throw new UsageError(
      `several things go into a directory, and ${target.words} is none. End it with a slash to have it made.`,
    )
  }
  if (target.isDirectory && !isThere) {
    const inTheWay = await ifThere(store.stat(path))
    if (inTheWay !== undefined) throw new FileError('not-directory', `${target.words} is no directory`)
    await makeDirectory(store, path)
  }
  return things.map((thing) => {
    if (!isThere && !target.isDirectory) return { thing, to: target, words: target.words }
    const to = joinPath(target.path, nameIn(thing.place))
    return { thing, to: { store: target.store, path: to }, words: target.show(to) }
  })
}

/** The name that a copy gets in a directory. A local directory is its store's root, so its name is the one typed. */
function nameIn(place: Place): string {
  const name = nameOf(place.path)
  if (name !== '') return name
  const typed =
    place.words
      .replace(/[/\\]+$/u, '')
      .split(/[/\\]/u)
      .at(-1) ?? ''
  if (typed !== '' && typed !== '.' && typed !== '..' && place.location.kind === 'local') return typed
  throw new FileError('invalid', `${place.words} has no name: say where to by a name of your own`)
}

async function toStdout(fetching: Fetching, things: readonly Thing[]): Promise<void> {
  for (const { place, entry } of things) {
    if (entry.kind === 'directory') throw new FileError('is-directory', `${place.words} is a directory`)
    const { store, path } = under(place, fetching.signal)
    const file = await store.open(path, { read: true })
    await transfer(file, () =>
      pump(file, standardOutput(), { from: 0, pace: fetching.pace, signal: fetching.signal }),
    )
  }
}

async function fromStdin(fetching: Fetching, words: readonly string[], word: string): Promise<void> {
  const target = await fetching.place(word)
  if (words.length > 1 || target.isDirectory)
    throw new UsageError('what comes from stdin needs one name: ferry put - URL/NAME')
  const { store, path }: End = under(target, fetching.signal)
  let at = 0
  const file = await store.open(path, { write: true, create: 'allow', truncate: true })
  await transfer(file, async () => {
    for await (const piece of piecesOf(process.stdin)) {
      fetching.signal.throwIfAborted()
      await file.write([piece], at)
      at += piece.length
      await fetching.pace?.moved(piece.length, fetching.signal)
    }
  })
  await fetching.out.did(`stdin -> ${target.words}  ${formatBytes(at)}`, {
    copied: '-',
    to: target.words,
    size: at,
    remote: isRemote(store),
  })
}
