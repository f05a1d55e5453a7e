import type { Found, ListedEntry } from './listed.ts'

/** An entry while it is filled. */
export type FilledEntry = { -readonly [Key in keyof ListedEntry]: ListedEntry[Key] }

/** A file of which nothing is known but what all families tell. All entries are made here, as V8 is quick with objects of one shape. */
export function listedEntry(
  line: string,
  name: string,
  kind: ListedEntry['kind'],
  size: number | undefined,
  modified: ListedEntry['modified'],
  family: ListedEntry['family'],
): FilledEntry {
  return {
    name,
    kind,
    size,
    // Larger numbers are not told apart.
    rounded: size !== undefined && size > Number.MAX_SAFE_INTEGER,
    modified,
    created: undefined,
    mode: undefined,
    owner: undefined,
    group: undefined,
    links: undefined,
    target: undefined,
    id: undefined,
    perm: undefined,
    version: undefined,
    folder: undefined,
    family,
    confidence: 'sure',
    line,
  }
}

/** What a family's reader found in a line, as an entry. */
export function entryOfFound(found: Found, line: string): FilledEntry {
  const entry = listedEntry(line, found.name, found.kind, found.size, found.modified, found.family)
  if (found.rounded === true) entry.rounded = true
  entry.created = found.created
  entry.mode = found.mode
  entry.owner = found.owner
  entry.group = found.group
  entry.links = found.links
  entry.target = found.target
  entry.id = found.id
  entry.perm = found.perm
  entry.version = found.version
  entry.confidence = found.confidence ?? 'sure'
  return entry
}
