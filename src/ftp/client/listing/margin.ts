import { joinPath, type Path } from '../../../core/path.ts'
import type { ListedEntry } from '../../wire/listings/listed.ts'
import type { FtpSession } from '../session/session.ts'
import { sizeOf } from './size-of.ts'

const space = 32
const arrow = ' -> '

/** How many blanks before this name were taken for a margin that the server puts before all names. */
export function marginOf({ family, line, name, target }: ListedEntry): number {
  if (family !== 'unix') return 0
  const start = line.length - name.length - (target === undefined ? 0 : arrow.length + target.length)
  if (!line.startsWith(name, start)) return 0
  let blanks = 0
  while (line.charCodeAt(start - 1 - blanks) === space) blanks += 1
  return Math.max(0, blanks - 1)
}

/** The name with the blanks, where they belong to it. */
export function withBlanks(entry: ListedEntry): string {
  return ' '.repeat(marginOf(entry)) + entry.name
}

/** Whether such blanks belong to the names: the server is asked for one of the files by its name with them. */
export async function areBlanksOfNames(
  session: FtpSession,
  folder: Path,
  listed: readonly ListedEntry[],
): Promise<boolean | undefined> {
  const entry = listed.find(
    (each) => marginOf(each) > 0 && (each.kind === 'file' || each.kind === 'directory'),
  )
  if (entry === undefined) return undefined
  const path = joinPath(folder, withBlanks(entry))
  if (entry.kind === 'file') return (await sizeOf(session, path)) !== undefined
  return (await session.control.ask(`CWD ${path}`)).code < 400
}
