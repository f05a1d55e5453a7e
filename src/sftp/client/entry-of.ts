import type { Entry, EntryKind } from '../../core/store.ts'
import { modeKinds, type Attributes } from '../wire/attributes.ts'

/** Who is behind numbers of users and groups. */
interface Names {
  user(id: number): string
  group(id: number): string
}

/** What a server told of a file, as an Entry. */
export function entryOf(name: string, attributes: Attributes, names?: Names, longname = ''): Entry {
  const { size = 0, mode, times, owner } = attributes
  return {
    name,
    kind: mode === undefined ? kindIn(longname) : kindOf(mode),
    size,
    modified: new Date((times?.modified ?? 0) * 1000),
    ...(mode === undefined ? {} : { mode: mode & 0o7777 }),
    ...(owner === undefined
      ? {}
      : {
          owner: names?.user(owner.user) ?? String(owner.user),
          group: names?.group(owner.group) ?? String(owner.group),
        }),
  }
}

function kindOf(mode: number): EntryKind {
  switch (mode & modeKinds.mask) {
    case modeKinds.file:
    // Servers that know no kinds send bare permissions, of files.
    case 0:
      return 'file'
    case modeKinds.directory:
      return 'directory'
    case modeKinds.link:
      return 'link'
    default:
      return 'other'
  }
}

/** All attributes may be missing (draft-ietf-secsh-filexfer-02 §5): the line of `ls -l` tells what it is then. */
function kindIn(longname: string): EntryKind {
  const [, letter = '-'] = /^([a-z-])[-rwxsStT]{9}/u.exec(longname) ?? []
  return letters[letter] ?? 'other'
}

const letters: Readonly<Record<string, EntryKind>> = { '-': 'file', d: 'directory', l: 'link' }
