import { ProtocolError } from '../../core/error.ts'
import { readAttributes, writeAttributes, type Attributes } from './attributes.ts'
import type { WireReader } from './reader.ts'
import type { WireWriter } from './writer.ts'

/** One entry of a listing. `longname` is its line of `ls -l`, for people. */
export interface Name {
  readonly name: string
  readonly longname: string
  readonly attributes: Attributes
}

/** Two empty strings and empty attributes: no name is shorter. */
const smallestName = 12

/** The names of SSH_FXP_NAME (draft-ietf-secsh-filexfer-02 §7). */
export function readNames(reader: WireReader): Name[] {
  const count = reader.uint32()
  if (count * smallestName > reader.left) throw new ProtocolError('fewer names than were promised')
  return Array.from({ length: count }, () => ({
    name: reader.text(),
    longname: reader.text(),
    attributes: readAttributes(reader),
  }))
}

export function writeNames(writer: WireWriter, names: readonly Name[]): void {
  writer.uint32(names.length)
  for (const { name, longname, attributes } of names) {
    writer.text(name)
    writer.text(longname)
    writeAttributes(writer, attributes)
  }
}
