import { FileError } from '../../../core/error.ts'
import { joinPath, type Path } from '../../../core/path.ts'
import type { Entry } from '../../../core/store.ts'
import { sizeOf } from './size-of.ts'
import type { FtpSession } from '../session/session.ts'
import { timeIn } from './time-in.ts'

/** Whoever has more names than this in one directory is asked about them for hours. */
const most = 10_000

/** What can be found out about names alone, by SIZE, MDTM and CWD: for servers whose listings nobody can read. */
export async function* namesOneByOne(
  session: FtpSession,
  folder: Path,
  names: readonly string[],
): AsyncGenerator<readonly Entry[], void, undefined> {
  if (names.length > most) {
    throw new FileError(
      'unsupported',
      `${names.length} files of ${folder} are known by name only: too many to ask about each`,
      {
        facts: { path: folder, phase: 'command', connectionUsable: true },
      },
    )
  }
  for (const name of names) yield [await ask(session, joinPath(folder, name), name)]
}

async function ask(session: FtpSession, path: Path, name: string): Promise<Entry> {
  const size = await sizeOf(session, path)
  const reply = await session.control.ask(`MDTM ${path}`)
  const modified = timeIn(reply)
  const file = size !== undefined || modified !== undefined
  const directory = !file && (await session.control.ask(`CWD ${path}`)).code < 400
  return {
    name,
    kind: directory ? 'directory' : 'file',
    size: size ?? 0,
    modified: modified ?? new Date(0),
    ...(size === undefined && !directory ? { rounded: true } : {}),
  }
}
