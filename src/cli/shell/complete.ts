import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { listAll } from '../../client/walk.ts'
import { readBookmarks } from './bookmarks.ts'
import type { Shell } from './shell.ts'
import { lastWord, quoteWord } from './split.ts'
import type { Verb } from './verb.ts'

/** What could stand at the end of a line, and the part of the line that it would stand for: as readline wants it. */
export async function complete(shell: Shell, line: string): Promise<[string[], string]> {
  const { words, last, at, quote } = lastWord(line)
  const typed = line.slice(at)
  const [name = ''] = words
  const verb = verbOf(shell, name === 'queue' ? (words[1] ?? name) : name)
  if (words.length === 0 || (verb?.names === 'verbs' && words.length === 1)) {
    const known = new Set([...shell.verbs.keys(), ...shell.aliases.keys()])
    return [[...known].filter((key) => key.startsWith(last)).map((key) => `${key} `), typed]
  }
  if (verb === undefined) return [[], typed]
  if (last.startsWith('-')) {
    const flags = Object.entries(verb.options).flatMap(([long, { short }]) => [
      ...(short === undefined ? [] : [`-${short} `]),
      ...(/[A-Z]/u.test(long) ? [] : [`--${long} `]),
    ])
    return [flags.filter((flag) => flag.startsWith(last)), typed]
  }
  const local = verb.names === 'local' || (words.length >= 2 && isSecondLocal(name, words))
  const names = local
    ? await localNames(shell, last)
    : verb.names === 'remote'
      ? await remoteNames(shell, last)
      : verb.names === 'bookmarks'
        ? await bookmarkNames(last)
        : []
  return [names.map((found) => `${quoteWord(found, quote)}${found.endsWith('/') ? '' : `${quote} `}`), typed]
}

/** The verb that a name means, or that the alias of that name begins with. */
function verbOf(shell: Shell, name: string): Verb | undefined {
  const meant = shell.aliases.get(name)
  return shell.verbs.get(meant === undefined ? name : (meant.trim().split(/\s+/u)[0] ?? name))
}

async function bookmarkNames(last: string): Promise<string[]> {
  const names = [...(await readBookmarks()).keys()]
  return names.filter((name) => name.startsWith(last)).toSorted()
}

/** The second name behind `get` is one of this machine. */
function isSecondLocal(name: string, words: readonly string[]): boolean {
  const plain = words.slice(1).filter((word) => !word.startsWith('-'))
  return ['get', 'reget', 'pget'].includes(name) && plain.length === 1
}

async function localNames(shell: Shell, last: string): Promise<string[]> {
  const lead = last.slice(0, last.lastIndexOf('/') + 1)
  const entries = await readdir(resolve(shell.local, lead === '' ? '.' : lead), {
    withFileTypes: true,
  }).catch(() => [])
  return fitting(
    entries.map((entry) => `${entry.name}${entry.isDirectory() ? '/' : ''}`),
    last.slice(lead.length),
    lead,
  )
}

/** How long completing may wait for the other side. */
const patienceMs = 3000

async function remoteNames(shell: Shell, last: string): Promise<string[]> {
  const lead = last.slice(0, last.lastIndexOf('/') + 1)
  try {
    const place = shell.at(lead === '' ? '.' : lead, AbortSignal.timeout(patienceMs))
    const entries = await listAll(place.store, place.path)
    return fitting(
      entries.map(({ name, kind }) => `${name}${kind === 'directory' ? '/' : ''}`),
      last.slice(lead.length),
      lead,
    )
  } catch {
    // Nothing to offer is no reason to disturb who is typing.
    return []
  }
}

function fitting(names: readonly string[], begin: string, lead: string): string[] {
  return names
    .filter((name) => name.startsWith(begin) && (begin !== '' || !name.startsWith('.')))
    .toSorted()
    .map((name) => lead + name)
}
