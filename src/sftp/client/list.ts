import type { ListingBudget } from '../../core/listing-budget.ts'
import { FileError } from '../../core/error.ts'
import { joinPath, type Path } from '../../core/path.ts'
import type { Entry } from '../../core/store.ts'
import type { Name } from '../wire/names.ts'
import { takeHandle, takeNames, takeOk, takePath } from './answers.ts'
import { diagnose } from './diagnose.ts'
import { entryOf } from './entry-of.ts'
import type { NamesOfOwners } from './names-of-owners.ts'
import type { SftpServer } from './server.ts'

/** The entries of a directory, with the next part asked for while one is read; at the end, how many names were none. */
export async function* listDirectory(
  server: SftpServer,
  names: NamesOfOwners,
  path: Path,
  budget: ListingBudget,
  signal?: AbortSignal,
): AsyncGenerator<readonly Entry[], number> {
  let handle: string
  try {
    handle = await server.ask('opendir', { path }, takeHandle(path), signal)
  } catch (thrown) {
    throw await diagnose(server, 'list', path, thrown)
  }
  const next = (): Promise<readonly Name[]> => {
    const reading = server.ask('readdir', { handle }, takeNames(path), signal)
    // Whoever stops reading has no use for what went wrong with the rest.
    reading.catch(() => undefined)
    return reading
  }
  let unread = 0
  try {
    let reading = next()
    for (;;) {
      const part = await reading
      if (part.length === 0) return unread
      for (const { name } of part) budget.spend(name.length, 1)
      reading = next()
      const there = part.filter(({ name }) => name !== '.' && name !== '..')
      const shown = there.filter(({ name }) => isName(name))
      unread += there.length - shown.length
      await names.learn(shown.map(({ attributes }) => attributes))
      if (shown.length > 0) yield await Promise.all(shown.map((one) => entryIn(server, names, path, one)))
    }
  } finally {
    if (server.link.failure === undefined) await server.ask('close', { handle }, takeOk(path))
  }
}

/** A server that names what is no name, `../x`, wants something that it must not get; a gateway to what is no disk may mean no harm. */
function isName(name: string): boolean {
  return name !== '' && !name.includes('/') && !name.includes('\0')
}

async function entryIn(
  server: SftpServer,
  names: NamesOfOwners,
  directory: Path,
  { name, longname, attributes }: Name,
): Promise<Entry> {
  const entry = entryOf(name, attributes, names, longname)
  return entry.kind === 'link' ? withTarget(server, joinPath(directory, name), entry) : entry
}

/** A link with the text it holds, which no attribute tells. */
export async function withTarget(server: SftpServer, path: Path, entry: Entry): Promise<Entry> {
  try {
    return { ...entry, target: await server.ask('readlink', { path }, takePath(path)) }
  } catch (thrown) {
    // Gone meanwhile, or not for us to know: it is a link all the same.
    if (thrown instanceof FileError) return entry
    throw thrown
  }
}

/** Whether there is a directory: asked where no attribute tells. */
export async function isDirectoryThere(server: SftpServer, path: Path): Promise<boolean> {
  try {
    const handle = await server.ask('opendir', { path }, takeHandle(path))
    await server.ask('close', { handle }, takeOk(path))
    return true
  } catch (thrown) {
    if (thrown instanceof FileError) return false
    throw thrown
  }
}
