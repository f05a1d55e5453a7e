import { ProtocolError } from '../../core/error.ts'
import type { WireReader } from './reader.ts'
import type { WireWriter } from './writer.ts'

/** What is told of a file, or is to be changed (draft-ietf-secsh-filexfer-02 §5). Times are seconds since 1970. */
export interface Attributes {
  readonly size?: number
  readonly owner?: { readonly user: number; readonly group: number }
  /** The bits of `st_mode`: the kind of file, then the permissions. */
  readonly mode?: number
  readonly times?: { readonly accessed: number; readonly modified: number }
}

/** The kinds in the bits of a mode, as POSIX has them. */
export const modeKinds = { mask: 0o170000, file: 0o100000, directory: 0o040000, link: 0o120000 } as const

const hasSize = 1
const hasOwner = 2
const hasMode = 4
const hasTimes = 8
const hasExtended = 0x8000_0000

/** Nobody means anything by so many. */
const mostPairs = 64

export function readAttributes(reader: WireReader): Attributes {
  const flags = reader.uint32()
  const attributes: Attributes = {
    ...(flags & hasSize ? { size: reader.uint64() } : {}),
    ...(flags & hasOwner ? { owner: { user: reader.uint32(), group: reader.uint32() } } : {}),
    ...(flags & hasMode ? { mode: reader.uint32() } : {}),
    ...(flags & hasTimes ? { times: { accessed: reader.uint32(), modified: reader.uint32() } } : {}),
  }
  if (flags & hasExtended) skipPairs(reader)
  return attributes
}

export function writeAttributes(writer: WireWriter, attributes: Attributes): void {
  const { size, owner, mode, times } = attributes
  writer.uint32(
    (size === undefined ? 0 : hasSize) |
      (owner === undefined ? 0 : hasOwner) |
      (mode === undefined ? 0 : hasMode) |
      (times === undefined ? 0 : hasTimes),
  )
  if (size !== undefined) writer.uint64(size)
  if (owner !== undefined) {
    writer.uint32(owner.user)
    writer.uint32(owner.group)
  }
  if (mode !== undefined) writer.uint32(mode)
  if (times !== undefined) {
    writer.uint32(times.accessed)
    writer.uint32(times.modified)
  }
}

/** Extended attributes have names that only their maker knows; who does not skips them (§5). */
function skipPairs(reader: WireReader): void {
  const count = reader.uint32()
  if (count > mostPairs) throw new ProtocolError('more extended attributes than anyone has')
  for (let pair = 0; pair < count; pair += 1) {
    reader.bytes()
    reader.bytes()
  }
}
