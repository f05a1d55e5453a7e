import { joinPath, type Path } from '../core/path.ts'
import type { Entry } from '../core/store.ts'
import { FileError } from '../core/error.ts'
import { choose } from '../client/choice.ts'
import { digest, hashNames } from '../client/digest.ts'
import { openToRead } from '../client/streams.ts'
import { listAll, walk } from '../client/walk.ts'
import { transfer } from '../core/transfer.ts'
import { pump } from '../client/pump.ts'
import { under, unreadIn, type End } from '../client/end.ts'
import { counted } from '../core/counted.ts'
import { each, eachThing } from './fetching/each.ts'
import { entryObject, longLine, octal, timeText } from './fetching/entry-line.ts'
import { thingAt } from './fetching/expand.ts'
import { atLeast, fetchCommand } from './fetching/fetch-command.ts'
import type { Fetching, Place } from './fetching/fetching.ts'
import { formatBytes } from './format-bytes.ts'
import { oneOf, wholeNumber } from './options.ts'
import { standardOutput } from './fetching/standard-output.ts'

/** The commands that look and change nothing. */
export const ls = fetchCommand(
  'ls',
  {
    long: { type: 'boolean', short: 'l', does: 'with modes, owners, sizes and times' },
    recursive: { type: 'boolean', short: 'R', does: 'with all that is below' },
    all: { type: 'boolean', short: 'a', does: 'with names that begin with a dot' },
  },
  async (fetching, said, rest) => {
    await eachThing(fetching, rest.length === 0 ? ['.'] : rest, async ({ place, entry }) => {
      if (entry.kind !== 'directory') await show(fetching, place, place.path, entry, said.long, place.words)
      else await listDirectory(fetching, place, said)
    })
  },
)

async function listDirectory(
  fetching: Fetching,
  place: Place,
  said: { long: boolean; recursive: boolean; all: boolean },
): Promise<void> {
  const { store, path: top } = under(place, fetching.signal)
  const deepest = said.recursive ? Infinity : 1
  const directories = [top]
  for await (const { path, entry } of walk(store, top, { deepest, signal: fetching.signal })) {
    const name = top === '/' ? path.slice(1) : path.slice(top.length + 1)
    const hidden = name.startsWith('.') || name.includes('/.')
    if (hidden && !said.all && !fetching.out.json) continue
    await show(fetching, place, path, entry, said.long, entry.kind === 'directory' ? `${name}/` : name)
    if (said.recursive && entry.kind === 'directory') directories.push(path)
  }
  for (const path of directories) {
    const count = unreadIn({ store, path })
    if (count === 0) continue
    const error = new FileError('unsupported', `${counted(count, 'line')} of the listing cannot be read`, {
      facts: { hint: 'They may be names that lead elsewhere. Over FTP, -v shows what the server said.' },
    })
    fetching.out.failed(error, place.show(path))
  }
}

function show(
  { out }: Fetching,
  place: Place,
  path: Path,
  entry: Entry,
  long: boolean,
  name: string,
): Promise<void> {
  const text = long ? longLine(entry, out.name(name)) : out.name(name)
  return out.result(text, entryObject(entry, place.show(path)))
}

export const stat = fetchCommand('stat', {}, async (fetching, _said, rest) => {
  atLeast('stat', rest, 1, 'a place')
  await eachThing(fetching, rest, async ({ place, entry }) => {
    const { size, kind, modified, mode, owner, group, target } = entry
    const lines = [
      fetching.out.name(place.words),
      `  kind      ${kind}${target === undefined ? '' : ` to ${target}`}`,
      `  size      ${size}`,
      `  modified  ${modified.getTime() === 0 ? 'unknown' : `${timeText(modified)} (${modified.toISOString()})`}`,
      ...(mode === undefined ? [] : [`  mode      ${octal(mode)}`]),
      ...(owner === undefined ? [] : [`  owner     ${owner}${group === undefined ? '' : `:${group}`}`]),
    ]
    await fetching.out.result(lines.join('\n'), entryObject(entry, place.words))
  })
})

export const cat = fetchCommand('cat', {}, async (fetching, _said, rest) => {
  atLeast('cat', rest, 1, 'a file')
  await eachThing(fetching, rest, async ({ place, entry }) => {
    if (entry.kind === 'directory') throw new FileError('is-directory', `${place.words} is a directory`)
    const { store, path } = under(place, fetching.signal)
    const file = await openToRead(store, path)
    await transfer(file, () =>
      pump(file, standardOutput(), { from: 0, pace: fetching.pace, signal: fetching.signal }),
    )
  })
})

export const du = fetchCommand(
  'du',
  {
    depth: { type: 'string', short: 'd', value: 'N', does: 'how deep to tell sums, 0 if not said' },
    bytes: { type: 'boolean', short: 'b', does: 'plain numbers of bytes' },
  },
  async (fetching, said, rest) => {
    const deepest = wholeNumber('--depth', said.depth) ?? 0
    await eachThing(fetching, rest.length === 0 ? ['.'] : rest, async ({ place, entry }) => {
      const tell = (path: Path, sum: { bytes: number; files: number }): Promise<void> => {
        const size = said.bytes ? String(sum.bytes) : formatBytes(sum.bytes)
        const shown = path === place.path ? place.words : place.show(path)
        return fetching.out.result(`${size.padEnd(12)} ${fetching.out.name(shown)}`, { path: shown, ...sum })
      }
      if (entry.kind === 'directory')
        await sumUp(under(place, fetching.signal), place.path, 0, deepest, tell, fetching.signal)
      else await tell(place.path, { bytes: entry.size, files: 1 })
    })
  },
)

async function sumUp(
  place: End,
  path: Path,
  depth: number,
  deepest: number,
  tell: (path: Path, sum: { bytes: number; files: number }) => Promise<void>,
  signal: AbortSignal,
): Promise<{ bytes: number; files: number }> {
  const sum = { bytes: 0, files: 0 }
  for (const entry of await listAll(place.store, path)) {
    signal.throwIfAborted()
    if (entry.kind === 'directory') {
      const below = await sumUp(place, joinPath(path, entry.name), depth + 1, deepest, tell, signal)
      sum.bytes += below.bytes
      sum.files += below.files
    } else if (entry.kind === 'file') {
      sum.bytes += entry.size
      sum.files += 1
    }
  }
  if (depth <= deepest) await tell(path, sum)
  return sum
}

export const find = fetchCommand(
  'find',
  {
    name: { type: 'string', value: 'GLOB', does: 'only what has such a name' },
    type: { type: 'string', value: 'f|d|l', does: 'only files, directories or links' },
    depth: { type: 'string', short: 'd', value: 'N', does: 'how deep to look' },
  },
  async (fetching, said, rest) => {
    const wanted = choose(said.name === undefined ? [] : [said.name], [])
    const letter = oneOf('--type', said.type, ['f', 'd', 'l'])
    const deepest = wholeNumber('--depth', said.depth, 1) ?? Infinity
    await each(fetching, rest.length === 0 ? ['.'] : rest, async (word) => {
      const place = await fetching.place(word)
      const tell = async (entry: Entry, shown: string): Promise<void> => {
        if (letter !== undefined && letterOf(entry) !== letter) return
        if (wanted(entry.name, false))
          await fetching.out.result(fetching.out.name(shown), entryObject(entry, shown))
      }
      const { store, path: top } = under(place, fetching.signal)
      const found = await thingAt({ ...place, store })
      if (found.entry.kind !== 'directory') return tell(found.entry, place.words)
      for await (const { path, entry } of walk(store, top, { deepest, signal: fetching.signal }))
        await tell(entry, place.show(path))
    })
  },
)

function letterOf({ kind }: Entry): string {
  return { file: 'f', directory: 'd', link: 'l', other: '' }[kind]
}

export const hash = fetchCommand(
  'hash',
  { algorithm: { type: 'string', short: 'a', value: hashNames.join('|'), does: 'sha256 if not said' } },
  async (fetching, said, rest) => {
    atLeast('hash', rest, 1, 'a file')
    const algorithm = oneOf('--algorithm', said.algorithm, hashNames) ?? 'sha256'
    await eachThing(fetching, rest, async ({ place }) => {
      const value = await digest(under(place, fetching.signal), algorithm)
      await fetching.out.result(`${value}  ${fetching.out.name(place.words)}`, {
        path: place.words,
        algorithm,
        hash: value,
      })
    })
  },
)
