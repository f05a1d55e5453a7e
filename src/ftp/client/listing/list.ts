import { ListingBudget } from '../../../core/listing-budget.ts'
import { FileError, IncompleteError } from '../../../core/error.ts'
import { joinPath, type Path } from '../../../core/path.ts'
import type { Entry } from '../../../core/store.ts'
import type { ListedEntry } from '../../wire/listings/listed.ts'
import type { Listing } from '../../wire/listings/listed.ts'
import { beginTransfer, type Transfer } from '../transfer/begin-transfer.ts'
import { faultOf, fileError, saidBy } from '../faults.ts'
import { listings } from './listings.ts'
import { patient } from '../session/patient.ts'
import type { FtpSession } from '../session/session.ts'
import { namesOneByOne } from './names.ts'
import { TextLines } from './text-lines.ts'
import { inOwnTime } from './zone.ts'

/**
 * Lists a directory, by MLSD where the server has it, else by LIST as a person would read it. Returns how many lines may be
 * files that nobody could read.
 */
export async function* listDirectory(
  session: FtpSession,
  path: Path,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly Entry[], number, undefined> {
  const machine = session.can('MLST') || session.can('MLSD')
  // Into the directory first: names with blanks or dashes are arguments of LIST that servers read in many ways.
  await enter(session, path)
  const read = new Read()
  if (machine) {
    yield* byFacts(session, path, read, signal)
    tellRiddle(session, path, read)
    return read.lost
  }
  try {
    yield* byList(session, path, 'LIST -a', read, signal, true)
  } catch (thrown) {
    // Some servers take -a for a name, and others answer so to an empty directory.
    if (!(thrown instanceof FileError) || hasSome(read)) throw thrown
  }
  if (!hasSome(read)) return yield* plainList(session, path, signal)
  return yield* theOthers(session, path, read, signal)
}

async function* byFacts(
  session: FtpSession,
  path: Path,
  read: Read,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly Entry[], void, undefined> {
  const links: Entry[] = []
  for await (const batch of inOwnTime(
    session,
    path,
    named(fetchList(session, path, 'MLSD', signal, true), read),
  )) {
    const untold = batch.filter((entry) => entry.kind === 'link' && entry.target === undefined)
    links.push(...untold)
    if (untold.length < batch.length)
      yield untold.length === 0 ? batch : batch.filter((entry) => !untold.includes(entry))
  }
  if (links.length > 0) yield await withTargets(session, path, links, signal)
}

/** ProFTPD and Pure-FTPd say in MLSD that something is a link, and only in LIST where it leads. */
async function withTargets(
  session: FtpSession,
  path: Path,
  links: readonly Entry[],
  signal: AbortSignal | undefined,
): Promise<readonly Entry[]> {
  const targets = new Map<string, string | undefined>()
  try {
    for await (const batch of named(fetchList(session, path, 'LIST -a', signal), new Read()))
      for (const { kind, name, target } of batch) if (kind === 'link') targets.set(name, target)
  } catch (thrown) {
    // Refused: they stay links of which nobody tells where they lead.
    if (!(thrown instanceof FileError)) throw thrown
  }
  return links.map((link) => {
    const target = targets.get(link.name)
    return target === undefined ? link : { ...link, target }
  })
}

/** What a listing gave so far. */
class Read {
  readonly names = new Set<string>()
  /** The first of the lines that nobody can read. */
  riddle: string | undefined
  /** How many lines nobody can read, or are of names that would lead elsewhere. */
  lost = 0
  /** What may be read otherwise too: it waits for NLST. */
  readonly guesses: ListedEntry[] = []
}

function hasSome({ names, guesses }: Read): boolean {
  return names.size + guesses.length > 0
}

async function* byList(
  session: FtpSession,
  path: Path,
  line: string,
  read: Read,
  signal: AbortSignal | undefined,
  isFirst = false,
): AsyncGenerator<readonly Entry[], void, undefined> {
  const listed = withoutGuesses(named(fetchList(session, path, line, signal, isFirst), read), read)
  for await (const batch of inOwnTime(session, path, listed)) {
    for (const { name } of batch) read.names.add(name)
    yield batch
  }
}

async function* withoutGuesses(
  batches: AsyncIterable<readonly ListedEntry[]>,
  read: Read,
): AsyncGenerator<readonly ListedEntry[], void, undefined> {
  for await (const batch of batches) {
    const guesses = batch.filter(({ confidence }) => confidence === 'guess')
    read.guesses.push(...guesses)
    if (guesses.length < batch.length)
      yield guesses.length === 0 ? batch : batch.filter(({ confidence }) => confidence !== 'guess')
  }
}

async function* plainList(
  session: FtpSession,
  path: Path,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly Entry[], number, undefined> {
  const read = new Read()
  try {
    yield* byList(session, path, 'LIST', read, signal)
  } catch (thrown) {
    if (!isNothing(thrown)) throw thrown
  }
  return yield* theOthers(session, path, read, signal)
}

/** 450 and 550 with words like "no files found" are what some servers say of an empty directory, which CWD has shown to be there. */
function isNothing(thrown: unknown): boolean {
  return thrown instanceof FileError && (thrown.fault === 'not-found' || thrown.fault === 'busy')
}

/**
 * Lines that nobody can read may be files, and a file that is left out would be removed by a sync: NLST tells their names. So it
 * does of names that are guessed, which may have a date of an unknown form before them.
 */
async function* theOthers(
  session: FtpSession,
  path: Path,
  read: Read,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly Entry[], number, undefined> {
  const { guesses } = read
  if (read.riddle === undefined && guesses.length === 0) return read.lost
  tellRiddle(session, path, read)
  const names = await namesOf(session, path, signal)
  const known = new Set(names)
  const others = (names ?? []).filter(
    (name) => isName(name) && !read.names.has(name) && !read.names.has(plainName(name)),
  )
  const right = guesses.filter(
    ({ name, line }) => known.has(name) || !others.some((other) => line.endsWith(other)),
  )
  if (right.length > 0) yield* inOwnTime(session, path, oneBatch(right))
  if (names === undefined) return read.lost
  const guessed = new Set(right.map(({ name }) => name))
  const unknown = others.filter((name) => !guessed.has(name))
  if (unknown.length > 0)
    session.house.said('note', `asking about ${unknown.length} files of ${path} name by name`)
  yield* namesOneByOne(session, path, unknown)
  return 0
}

/** What NLST says is there; undefined where it is refused, also with the words of an empty directory, which it can hardly be. */
async function namesOf(
  session: FtpSession,
  path: Path,
  signal: AbortSignal | undefined,
): Promise<readonly string[] | undefined> {
  const names: string[] = []
  try {
    for await (const { lines } of fetchLines(session, path, 'NLST', signal))
      for (const line of lines) names.push(lastPart(line))
    return names
  } catch (thrown) {
    if (!(thrown instanceof FileError)) throw thrown
    session.house.said('note', `nor does NLST tell what they are: ${thrown.message}`)
    return undefined
  }
}

async function* oneBatch<Item>(batch: readonly Item[]): AsyncGenerator<readonly Item[], void, undefined> {
  yield batch
}

function tellRiddle({ house }: FtpSession, path: Path, { riddle }: Read): void {
  if (riddle === undefined) return
  house.said(
    'note',
    `the listing of ${path} has lines that cannot be read, or were cut off, like "${riddle}"`,
  )
}

/** VMS names versions, and says what is a directory by an ending. */
function plainName(name: string): string {
  return name.replace(/;\d{1,5}$/u, '').replace(/\.DIR$/iu, '')
}

async function enter(session: FtpSession, path: Path): Promise<void> {
  const reply = await session.control.ask(`CWD ${path}`)
  session.used = true
  if (reply.code < 400) return
  const error = fileError(reply, `list ${path}`, { path })
  if (faultOf(reply) !== 'failed' && faultOf(reply) !== 'not-found') throw error
  // Whether it is missing or a file, the refusal of CWD rarely tells.
  await session.type('I')
  const size = await session.control.ask(`SIZE ${path}`)
  if (size.code !== 213) throw error
  throw new FileError('not-directory', `list ${path}: it is not a directory`, { facts: error.facts })
}

async function* fetchList(
  session: FtpSession,
  path: Path,
  line: string,
  signal: AbortSignal | undefined,
  isFirst = false,
): AsyncGenerator<Listing, void, undefined> {
  const { ListingReader } = await listings()
  const reader = new ListingReader(session.house.clock.now())
  for await (const { lines, isCut } of fetchLines(session, path, line, signal, isFirst)) {
    yield reader.read(lines, false)
    if (isCut) yield { entries: [], unparsed: lines }
  }
  yield reader.read([], true)
}

interface Fetched {
  readonly lines: readonly string[]
  /** The last line has no end, and all before it have: the name in it may be the beginning of another. */
  readonly isCut: boolean
}

/**
 * The lines that a command sends, which keep their CR. The first command for a directory may go together with another
 * (`NotTogether`): nobody has seen anything of the listing yet.
 */
async function* fetchLines(
  session: FtpSession,
  path: Path,
  line: string,
  signal: AbortSignal | undefined,
  isFirst = false,
): AsyncGenerator<Fetched, void, undefined> {
  const { house, control } = session
  if (line !== 'MLSD') await session.type('A')
  const command = { line, path, together: isFirst, harmless: true, doing: `list ${path}` }
  const transfer = await beginTransfer(session, command, signal)
  const lines = new TextLines()
  const budget = new ListingBudget(path, {
    of: 'lines',
    most: house.options.mostListed,
    mostMebibytes: 1024,
    canDecline: false,
  })
  let finished = false
  let hasEnds = false
  try {
    for (;;) {
      const pieces = await patient(house.clock, house.silenceMs, transfer.conn.read(), (error) =>
        transfer.conn.destroy(error),
      )
      session.movedAt = house.clock.ticks()
      if (pieces === undefined) break
      const whole = pieces.flatMap((piece) => lines.push(piece))
      budget.spend(
        pieces.reduce((sum, { length }) => sum + length, 0),
        whole.length,
      )
      hasEnds ||= whole.length > 0
      yield { lines: whole, isCut: false }
    }
    const rest = lines.rest()
    yield { lines: rest, isCut: hasEnds && rest.length > 0 }
    // ProFTPD says nothing for ten seconds as long as this end of the connection is open.
    transfer.conn.destroy()
    await mustEnd(transfer, path)
    finished = true
  } finally {
    transfer.conn.destroy()
    // Who does not listen to the end leaves replies behind that would be taken for others.
    if (!finished) control.destroy()
  }
}

/** What has a name; `read` is told of the lines that have none. */
async function* named(
  listings: AsyncIterable<Listing>,
  read: Read,
): AsyncGenerator<readonly ListedEntry[], void, undefined> {
  for await (const { entries, unparsed } of listings) {
    read.riddle ??= unparsed[0]
    const batch = entries.filter(({ name }) => isName(name))
    read.lost += unparsed.length + entries.length - batch.length
    if (batch.length > 0) yield batch
  }
}

/** What a server lists may be no name at all: `.`, `..`, or a path that would lead elsewhere. */
function isName(name: string): boolean {
  try {
    joinPath('/' as Path, name)
    return true
  } catch (thrown) {
    if (thrown instanceof FileError) return false
    throw thrown
  }
}

/** NLST gives names, with some servers as paths. */
function lastPart(line: string): string {
  const path = line.replace(/[\r/]+$/u, '')
  return path.slice(path.lastIndexOf('/') + 1)
}

async function mustEnd(transfer: Transfer, path: Path): Promise<void> {
  const last = await transfer.ended()
  if (last.code < 300) return
  throw new IncompleteError(`the listing of ${path} is not whole`, 0, undefined, {
    facts: { ...saidBy(last), path, phase: 'end', retryable: true },
  })
}
