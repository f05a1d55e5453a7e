import { FileError } from './error.ts'
import { decodeText, encodeText } from './text.ts'

declare const checked: unique symbol

/** An absolute, normalised path inside a Store: no `.`, no `..`, no NUL, no empty part. Only `parsePath` makes one. */
export type Path = string & { readonly [checked]: true }

/** The longest path that is taken, in UTF-16 units; Linux' own limit is 4096 bytes. */
export const longestPath = 4096

/** The top of every Store. */
export const rootPath = '/' as Path

/** Reads an absolute path. `..` above the root stays at the root, as in a chroot. */
export function parsePath(text: string): Path {
  return resolvePath(rootPath, text)
}

/** Reads a path as typed by someone who stands in `from`. */
export function resolvePath(from: Path, text: string): Path {
  if (text.length > longestPath) throw new FileError('invalid', 'the path is too long')
  if (text.includes('\0')) throw new FileError('invalid', 'a path cannot hold NUL')
  // Raw bytes that form UTF-8 together are read as UTF-8: else two Paths would be one name, and rules could be walked around.
  const plain = text.isWellFormed() ? text : decodeText(encodeText(text))
  const parts = plain.startsWith('/') ? [] : partsOf(from)
  for (const part of plain.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  const path = '/' + parts.join('/')
  if (path.length > longestPath) throw new FileError('invalid', 'the path is too long')
  return path as Path
}

/** Whether a name can only be that of a directory (POSIX.1-2017 §4.13): it ends in a slash, or in a part that is one by itself. */
export function meansDirectory(text: string): boolean {
  return /\/\.{0,2}$/u.test(text)
}

/**
 * Reads the path of what is no directory. Without this `put report.pdf incoming/` would make a file `incoming` where the directory is
 * missing.
 */
export function parseFilePath(text: string): Path {
  const path = parsePath(text)
  if (meansDirectory(text))
    throw new FileError('is-directory', 'a name that ends in a slash is that of a directory')
  return path
}

/** The path of an entry in a directory. The name must be one part, as a listing gives it. */
export function joinPath(directory: Path, name: string): Path {
  if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) {
    throw new FileError('invalid', 'not a name')
  }
  return (directory === '/' ? `/${name}` : `${directory}/${name}`) as Path
}

/** The parts of a path, outermost first; none for the root. */
export function partsOf(path: Path): string[] {
  return path === '/' ? [] : path.slice(1).split('/')
}

/** The directory that holds this path; the root holds itself. */
export function parentOf(path: Path): Path {
  const slash = path.lastIndexOf('/')
  return (slash <= 0 ? '/' : path.slice(0, slash)) as Path
}

/** The last part of a path, empty for the root. */
export function nameOf(path: Path): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Whether a path is this directory or lies below it. Compares parts, never prefixes of names. */
export function isWithin(path: Path, directory: Path): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`)
}

/** The same place seen from inside `directory`, which must hold it. */
export function pathBelow(path: Path, directory: Path): Path {
  if (directory === '/') return path
  return (path === directory ? '/' : path.slice(directory.length)) as Path
}
