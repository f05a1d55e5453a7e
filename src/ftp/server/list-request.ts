import { FileError } from '../../core/error.ts'
import { joinPath, nameOf, parentOf, type Path } from '../../core/path.ts'
import { rowsIn, rowsNamed, rowsOf, type Rows } from '../../core/rows.ts'
import type { Entry } from '../../core/store.ts'
import { compileGlob, hasGlob } from '../../wire/glob.ts'
import type { LoggedIn } from './logged-in.ts'

/** What a LIST, NLST or STAT is about. */
export type ListRequest = {
  /** How the client wrote the place that the names are in, to be put before them in NLST. */
  readonly prefix: string
  readonly recursive: boolean
} & (
  | { readonly kind: 'directory'; readonly path: Path }
  | { readonly kind: 'entry'; readonly path: Path; readonly entry: Entry }
  | { readonly kind: 'pattern'; readonly path: Path; readonly matches: (name: string) => boolean }
)

const options = /^-[A-Za-z1]+$/u
const blanksAndOptions = /^ +-[A-Za-z1]+(?: |$)/u

/**
 * Reads the argument of a listing: options as `ls` has them (lftp sends `LIST -a`), then a path whose last part may be
 * a pattern. What exists by its very name is meant before it is read as options or as a pattern; but of a file whose name is
 * a pattern that it fits, all that fit are told (`mget *` where one is named `*`), as by other servers.
 */
export async function parseListRequest(login: LoggedIn, argument: string): Promise<ListRequest> {
  const [first = '', ...rest] = argument.split(' ')
  // All before the slash: of `-la ../..` the dots would take it away, and what is left is where the client stands.
  const [head = ''] = argument.split('/')
  if (blanksAndOptions.test(argument) && (await lookFor(login, head)) === undefined)
    return parseListRequest(login, argument.trimStart())
  const hasOptions = isOption(first) && (await lookFor(login, head)) === undefined
  const place = hasOptions ? rest.join(' ') : argument
  if (hasOptions && first !== '--' && isOption(rest[0] ?? '')) return parseMore(login, first, rest)
  return locate(login, place, hasOptions && first.includes('R'))
}

/** `--` ends the options. */
function isOption(word: string): boolean {
  return word === '--' || options.test(word)
}

/** `LIST -l -a path`: options one by one. */
async function parseMore(login: LoggedIn, first: string, rest: readonly string[]): Promise<ListRequest> {
  const request = await parseListRequest(login, rest.join(' '))
  return first.includes('R') ? { ...request, recursive: true } : request
}

async function locate(login: LoggedIn, place: string, recursive: boolean): Promise<ListRequest> {
  const path = login.path(place)
  const entry = await lookFor(login, place)
  const slash = place.lastIndexOf('/')
  const matches = hasGlob(nameOf(path)) ? compileGlob(nameOf(path)) : undefined
  if (entry === undefined || (entry.kind !== 'directory' && matches?.(nameOf(path)) === true)) {
    if (matches === undefined) throw new FileError('not-found', 'there is no such file or directory')
    return {
      kind: 'pattern',
      path: parentOf(path),
      matches,
      prefix: place.slice(0, slash + 1),
      recursive: false,
    }
  }
  if (entry.kind !== 'directory') {
    return { kind: 'entry', path, entry, prefix: place.slice(0, slash + 1), recursive: false }
  }
  return { kind: 'directory', path, prefix: prefixOf(place), recursive }
}

/** `.` is where the client stands anyway, and nobody else puts it before names. */
function prefixOf(place: string): string {
  if (place === '.' || place === './') return ''
  return place === '' || place.endsWith('/') ? place : `${place}/`
}

async function lookFor(login: LoggedIn, place: string): Promise<Entry | undefined> {
  try {
    return await login.files.stat(login.path(place))
  } catch (thrown) {
    if (thrown instanceof FileError && (thrown.fault === 'not-found' || thrown.fault === 'invalid'))
      return undefined
    throw thrown
  }
}

/** How far a recursive listing goes. */
const deepestListing = 16
const mostListed = 1_000_000

/** One directory of a listing: what stands before it, and its names in batches. */
export interface Section {
  /** The directory's own path as the listing shows it; undefined for the one that was asked for. */
  readonly heading: string | undefined
  readonly rows: Rows
}

/** What was asked for. A recursive listing that is cut off ends with an error, never as if it were whole. */
export async function* sectionsOf(login: LoggedIn, request: ListRequest): AsyncGenerator<Section> {
  switch (request.kind) {
    case 'entry':
      yield { heading: undefined, rows: rowsOf([{ ...request.entry, name: nameOf(request.path) }]) }
      return
    case 'pattern':
      for await (const rows of rowsIn(login.files, request.path)) {
        yield { heading: undefined, rows: rowsNamed(rows, request.matches) }
      }
      return
    case 'directory':
      yield* request.recursive ? tree(login, request.path) : directory(login, request.path)
  }
}

async function* directory(login: LoggedIn, path: Path): AsyncGenerator<Section> {
  let listed = 0
  const counted = (): boolean => (listed += 1) <= mostListed
  for await (const rows of rowsIn(login.files, path)) {
    yield { heading: undefined, rows: rowsNamed(rows, counted) }
    if (listed > mostListed) throw tooMany()
  }
}

async function* tree(login: LoggedIn, path: Path): AsyncGenerator<Section> {
  const waiting: { path: Path; heading: string | undefined; depth: number }[] = [
    { path, heading: undefined, depth: 0 },
  ]
  let listed = 0
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    let { heading } = next
    for await (const entries of login.files.list(next.path)) {
      listed += entries.length
      if (listed > mostListed) throw tooMany()
      yield { heading, rows: rowsOf(entries) }
      heading = undefined
      for (const { kind, name } of entries) {
        if (kind !== 'directory') continue
        if (next.depth >= deepestListing)
          throw new FileError('failed', 'the directories are nested too deeply')
        const inside = `${next.depth === 0 ? '.' : next.heading}/${name}`
        waiting.push({ path: joinPath(next.path, name), heading: inside, depth: next.depth + 1 })
      }
    }
    // An empty directory has its heading too.
    if (heading !== undefined) yield { heading, rows: rowsOf([]) }
  }
}

function tooMany(): FileError {
  return new FileError('failed', `the listing stopped at ${mostListed} entries`)
}
