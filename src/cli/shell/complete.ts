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
  const names = await namesFor(shell, whoseNames(verb, name, words), last)
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

/** Whose names stand next: the first is the source's, the second the target's. */
function whoseNames({ names }: Verb, name: string, words: readonly string[]): Verb['names'] {
  const plain = words.slice(1).filter((word) => !word.startsWith('-')).length
  const isReverse =
    name === 'mirror' && words.some((word) => /^(?:-[A-Za-z]*R[A-Za-z]*|--reverse)$/u.test(word))
  const first = isReverse ? 'local' : names
  if (plain !== 1 || !withTarget.has(name)) return first
  return first === 'local' ? 'remote' : 'local'
}

const withTarget: ReadonlySet<string> = new Set(['get', 'reget', 'pget', 'put', 'reput', 'mirror'])

async function namesFor(shell: Shell, whose: Verb['names'], last: string): Promise<string[]> {
  switch (whose) {
    case 'local':
      return localNames(shell, last)
    case 'remote':
      return remoteNames(shell, last)
    case 'bookmarks':
      return bookmarkNames(last)
    case 'verbs':
    case 'none':
      return []
  }
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
