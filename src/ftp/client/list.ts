import { FileError, IncompleteError } from '../../core/error.ts'
import { joinPath, type Path } from '../../core/path.ts'
import type { Entry } from '../../core/store.ts'
import { ListingReader, type Listing } from '../wire/listings/listing-reader.ts'
import { beginTransfer, type Transfer } from './begin-transfer.ts'
import { entryOf } from './entry-of.ts'
import { faultOf, fileError, textOf } from './faults.ts'
import { patient } from './patient.ts'
import type { FtpSession } from './session.ts'
import { TextLines } from './text-lines.ts'

/** Lists a directory, by MLSD where the server has it, else by LIST as a person would read it. */
export async function* listDirectory(
  session: FtpSession,
  path: Path,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly Entry[], void, undefined> {
  const machine = session.can('MLST') || session.can('MLSD')
  // Into the directory first: names with blanks or dashes are arguments of LIST that servers read in many ways.
  await enter(session, path)
  if (machine) {
    yield* fetchList(session, path, 'MLSD', signal)
    return
  }
  let empty = true
  try {
    for await (const batch of fetchList(session, path, 'LIST -a', signal)) {
      empty = false
      yield batch
    }
  } catch (thrown) {
    // Some servers take -a for a name, and others answer so to an empty directory.
    if (!(thrown instanceof FileError) || !empty) throw thrown
  }
  if (empty) yield* plainList(session, path, signal)
}

async function* plainList(
  session: FtpSession,
  path: Path,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly Entry[], void, undefined> {
  try {
    yield* fetchList(session, path, 'LIST', signal)
  } catch (thrown) {
    // 450 and 550 with words like "no files found" are what some servers say of an empty directory, which CWD has shown to be there.
    const empty = thrown instanceof FileError && (thrown.fault === 'not-found' || thrown.fault === 'busy')
    if (!empty) throw thrown
  }
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
): AsyncGenerator<readonly Entry[], void, undefined> {
  const { house, control } = session
  if (line !== 'MLSD') await session.type('A')
  const transfer = await beginTransfer(session, { line, path, doing: `list ${path}` }, signal)
  const lines = new TextLines()
  const reader = new ListingReader(house.clock.now())
  let finished = false
  try {
    for (;;) {
      const pieces = await patient(house.clock, house.silenceMs, transfer.conn.read(), (error) =>
        transfer.conn.destroy(error),
      )
      if (pieces === undefined) break
      const batch = named(
        reader.read(
          pieces.flatMap((piece) => lines.push(piece)),
          false,
        ),
      )
      if (batch.length > 0) yield batch
    }
    const batch = named(reader.read(lines.rest(), true))
    if (batch.length > 0) yield batch
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

function named({ entries }: Listing): readonly Entry[] {
  return entries.flatMap((listed) => (isName(listed.name) ? [entryOf(listed)] : []))
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

async function mustEnd(transfer: Transfer, path: Path): Promise<void> {
  const last = await transfer.ended()
  if (last.code < 300) return
  throw new IncompleteError(`the listing of ${path} is not whole`, 0, undefined, {
    facts: { code: last.code, reply: textOf(last), path, phase: 'end', retryable: true },
  })
}
