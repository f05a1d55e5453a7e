import { lstatSync, realpathSync, type Stats } from 'node:fs'
import { dirname, sep } from 'node:path'
import { FileError } from '../../core/error.ts'

/** A directory, whatever it is called. */
interface DirectoryId {
  readonly dev: number
  readonly ino: number
}

/** What nobody may do below a root, whoever asks. */
export interface KeptOut {
  /** Directories that are not entered. */
  readonly closed: readonly DirectoryId[]
  /** Directories that stay where they are: those, and the ones that lead there. */
  readonly fixed: readonly DirectoryId[]
}

const keptOut = new Set<string>()

/**
 * From here on no store of this thread enters this directory, by whatever way: a server keeps its keys and accounts there, and
 * it may lie in a folder that is shared. Stores that are open already are not asked.
 */
export function keepOut(directory: string): void {
  keptOut.add(realpathSync(directory))
}

const nothing: KeptOut = { closed: [], fixed: [] }

/** What is kept out of below a root: mostly nothing, and then nobody need look. */
export function keptOutOf(root: string): KeptOut {
  if (keptOut.size === 0) return nothing
  const top = realpathSync(root)
  if (keptOut.has(top)) throw theirs()
  const below = top.endsWith(sep) ? top : top + sep
  const found = [...keptOut].filter((path) => path.startsWith(below))
  return {
    closed: found.map(idOf),
    fixed: found.flatMap((path) => waysTo(path, below).map(idOf)),
  }
}

/** Refuses to go on with what is closed. */
export function checkEntering(stats: Stats, { closed }: KeptOut): void {
  if (isOneOf(stats, closed)) throw theirs()
}

/** Refuses to give what is fixed another name: who starts the server again would find an empty one there. */
export function checkMoving(stats: Stats, { fixed }: KeptOut): void {
  if (isOneOf(stats, fixed)) throw theirs()
}

function waysTo(path: string, below: string): string[] {
  const ways: string[] = []
  for (let way = path; way.startsWith(below); way = dirname(way)) ways.push(way)
  return ways
}

function idOf(path: string): DirectoryId {
  const { dev, ino } = lstatSync(path)
  return { dev, ino }
}

function isOneOf(stats: Stats, ids: readonly DirectoryId[]): boolean {
  return ids.some(({ dev, ino }) => dev === stats.dev && ino === stats.ino)
}

function theirs(): FileError {
  return new FileError('denied', 'the server keeps its own things there')
}
