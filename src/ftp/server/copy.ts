import { entryIfTold } from '../../core/entry-if-told.ts'
import { FileError } from '../../core/error.ts'
import { isWithin, type Path } from '../../core/path.ts'
import type { OpenFile } from '../../core/store.ts'
import { transfer } from '../../core/transfer.ts'
import { isMixture } from './is-mixture.ts'
import type { LoggedIn } from './logged-in.ts'
import { moved, running } from './running.ts'
import { sendFile } from './send-file.ts'
import { maskedMode, setNewMode } from './umask.ts'
import type { Running } from './visit.ts'

/** A copy that is made: its size, and what else a reply has to say of it. */
export interface Copied {
  readonly bytes: number
  readonly but: string
}

/** Copies a file inside the home, replacing one that is there. */
export async function copyFile(login: LoggedIn, from: Path, to: Path): Promise<Copied> {
  if (from === to) throw new FileError('invalid', 'a file cannot be copied onto itself')
  if (isWithin(to, from)) throw new FileError('invalid', 'nothing can be copied into itself')
  return running(login, 'COPY', async (run) => {
    const entry = await login.files.stat(from)
    if (entry.kind === 'directory') throw new FileError('is-directory', 'only files can be copied')
    // Opened to be written it would be emptied, before a byte of it is read.
    if (entry.id !== undefined && entry.id === (await idAt(login, to)))
      throw new FileError('invalid', 'both are names of one file, it cannot be copied onto itself')
    const source = await openToCopy(login, from)
    return transfer(source, async () => {
      const mode = await maskedMode(login, to, 0o666)
      // Only now, as opening it may empty it.
      const how = { write: true, create: 'allow', truncate: true, anew: true } as const
      const target = await login.files.open(to, how)
      return transfer(target, async () => {
        const but = await setNewMode(login, to, mode)
        return { bytes: await copyOpen(login, run, source, target, 0), but }
      })
    })
  })
}

/** Which file a path leads to; undefined where there is none, or the store cannot tell. */
export async function idAt({ files }: LoggedIn, path: Path): Promise<string | undefined> {
  return (await entryIfTold(files, path))?.id
}

/** Which file a path leads to, if it can be read; undefined where the store cannot tell. */
export async function idToCopy(login: LoggedIn, path: Path): Promise<string | undefined> {
  const file = await openToCopy(login, path)
  return transfer(file, async () => (await file.stat()).id)
}

/** Copies the bytes of a file into an open one from a place on. Returns how many they are. */
export async function copyBytes(
  login: LoggedIn,
  run: Running,
  from: Path,
  to: OpenFile,
  at: number,
): Promise<number> {
  const source = await openToCopy(login, from)
  return transfer(source, () => copyOpen(login, run, source, to, at))
}

function openToCopy(login: LoggedIn, path: Path): Promise<OpenFile> {
  return login.files.open(path, { read: true, inside: true })
}

async function copyOpen(
  login: LoggedIn,
  run: Running,
  source: OpenFile,
  to: OpenFile,
  at: number,
): Promise<number> {
  const before = await source.stat()
  const { size } = before
  let next = at
  const out = {
    async write(bytes: Uint8Array) {
      if (run.abort.aborted) throw new FileError('aborted', 'stopped')
      await to.write([bytes], next)
      next += bytes.length
    },
    end: async () => undefined,
  }
  const sent = await sendFile(source, { from: 0, until: size }, out, login.visit.server.blocks, (count) =>
    moved(login, run, count),
  )
  if (sent.bytes < size) throw new FileError('failed', 'the file became shorter while it was copied')
  if (await isMixture(sent, before, source))
    throw new FileError('failed', 'the file was written over while it was copied')
  return sent.bytes
}
