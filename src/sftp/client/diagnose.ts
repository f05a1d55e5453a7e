import { FileError, type Fault } from '../../core/error.ts'
import { nameOf, parentOf, partsOf, type Path } from '../../core/path.ts'
import type { EntryKind } from '../../core/store.ts'
import { encodeText } from '../../core/text.ts'
import { status } from '../wire/reply.ts'
import { takeAttributes, takeHandle, takeNames, takeOk } from './answers.ts'
import { entryOf } from './entry-of.ts'
import type { SftpServer } from './server.ts'

/** What was tried with a path, for its failure to be understood. */
export type Deed = 'open' | 'create' | 'require' | 'remove' | 'mkdir' | 'rmdir' | 'list' | 'link' | 'stat'

/**
 * Version 3 has one word for most of what can go wrong. This looks at the path for what it was, and gives the same error with
 * the fault that is found; the error as it is where nothing is.
 */
export async function diagnose(
  server: SftpServer,
  deed: Deed,
  path: Path,
  thrown: unknown,
): Promise<unknown> {
  if (!(thrown instanceof FileError) || thrown.facts.code === undefined) return thrown
  const fault = await faultOf(server, deed, path, thrown)
  return fault === undefined ? thrown : named(fault, thrown)
}

/** The same for a rename, which has two paths. */
export async function diagnoseRename(
  server: SftpServer,
  from: Path,
  to: Path,
  replace: boolean,
  thrown: unknown,
): Promise<unknown> {
  if (!(thrown instanceof FileError) || thrown.facts.code === undefined) return thrown
  if (to.startsWith(`${from}/`)) return named('invalid', thrown)
  const [source, target] = await Promise.all([kindAt(server, from), kindAt(server, to)])
  if (source === undefined) return named('not-found', thrown)
  if (target === undefined) {
    const fault = await parentFault(server, to)
    return fault === undefined ? thrown : named(fault, thrown)
  }
  if (!replace) return named('exists', thrown)
  if (source === 'directory' && target !== 'directory') return named('not-directory', thrown)
  if (source !== 'directory' && target === 'directory') return named('is-directory', thrown)
  if (source === 'directory' && (await holdsAny(server, to))) return named('not-empty', thrown)
  return thrown
}

/** No file system in use takes a longer name. */
const longestName = 255

const vague: readonly (number | undefined)[] = [status.failure, status.noSuchFile, status.badMessage]

async function faultOf(
  server: SftpServer,
  deed: Deed,
  path: Path,
  error: FileError,
): Promise<Fault | undefined> {
  if (!vague.includes(error.facts.code)) return undefined
  if (partsOf(path).some((name) => encodeText(name).length > longestName)) return 'invalid'
  if (error.fault === 'not-found' && deed !== 'rmdir' && deed !== 'list') return parentFault(server, path)
  const kind = await kindAt(server, path)
  if (kind === undefined) return parentFault(server, path)
  switch (deed) {
    case 'mkdir':
    case 'require':
    case 'link':
      return 'exists'
    case 'open':
    case 'create':
    case 'remove':
      return kind === 'directory' ? 'is-directory' : undefined
    case 'list':
      return kind === 'directory' ? undefined : 'not-directory'
    case 'rmdir':
      if (kind !== 'directory') return 'not-directory'
      return (await holdsAny(server, path)) ? 'not-empty' : undefined
    case 'stat':
      return undefined
  }
}

async function parentFault(server: SftpServer, path: Path): Promise<Fault | undefined> {
  if (path === '/') return undefined
  const parent = await kindAt(server, parentOf(path), 'stat')
  if (parent === undefined) return 'not-found'
  return parent === 'directory' ? undefined : 'not-directory'
}

async function kindAt(
  server: SftpServer,
  path: Path,
  how: 'stat' | 'lstat' = 'lstat',
): Promise<EntryKind | undefined> {
  try {
    const attributes = await server.ask(how, { path }, takeAttributes(path))
    return entryOf(nameOf(path), attributes).kind
  } catch (thrown) {
    if (thrown instanceof FileError) return undefined
    throw thrown
  }
}

async function holdsAny(server: SftpServer, path: Path): Promise<boolean> {
  try {
    const handle = await server.ask('opendir', { path }, takeHandle(path))
    const names = await server.ask('readdir', { handle }, takeNames(path))
    await server.ask('close', { handle }, takeOk(path))
    return names.some(({ name }) => name !== '.' && name !== '..')
  } catch (thrown) {
    if (thrown instanceof FileError) return false
    throw thrown
  }
}

const words: Partial<Record<Fault, string>> = {
  'not-found': 'no such file or directory',
  exists: 'the name is taken',
  'is-directory': 'a directory',
  'not-directory': 'not a directory',
  'not-empty': 'the directory is not empty',
  invalid: 'that cannot be done with this name',
}

function named(fault: Fault, error: FileError): FileError {
  if (error.fault === fault) return error
  return new FileError(fault, words[fault] ?? error.message, { cause: error, facts: error.facts })
}
