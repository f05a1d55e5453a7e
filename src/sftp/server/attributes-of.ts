import type { Row } from '../../core/rows.ts'
import type { EntryKind } from '../../core/store.ts'
import { modeKinds, type Attributes } from '../wire/attributes.ts'
import type { Owners } from './owners.ts'

const kinds: Readonly<Record<EntryKind, number>> = {
  file: modeKinds.file | 0o644,
  directory: modeKinds.directory | 0o755,
  link: modeKinds.link | 0o777,
  other: 0o010644,
}

/** An entry as SFTP tells it: with all that version 3 has. */
export function attributesOf(entry: Row, owners: Owners): Required<Attributes> {
  const usual = kinds[entry.kind]
  const modified = secondsOf(entry.modified)
  return {
    size: entry.size,
    owner: { user: owners.idOf(entry.owner), group: owners.idOf(entry.group) },
    mode: entry.mode === undefined ? usual : (usual & modeKinds.mask) | (entry.mode & 0o7777),
    times: { accessed: modified, modified },
  }
}

/** Seconds since 1970, as far as 32 bits tell them. */
function secondsOf(date: Date | number): number {
  const seconds = Math.floor(Number(date) / 1000)
  return Number.isNaN(seconds) ? 0 : Math.min(Math.max(seconds, 0), 0xffff_ffff)
}
