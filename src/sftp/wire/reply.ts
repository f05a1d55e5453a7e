import { ProtocolError } from '../../core/error.ts'
import { readFields, writeFields, type Fields, type Layout } from './layout.ts'
import { WireReader } from './reader.ts'
import { WireWriter } from './writer.ts'

/** The messages that a server answers with (draft-ietf-secsh-filexfer-02 §7). */
const layouts = {
  status: { type: 101, fields: { code: 'uint32', message: 'lastText', language: 'lastText' } },
  handle: { type: 102, fields: { handle: 'handle' } },
  data: { type: 103, fields: { data: 'bytes' } },
  name: { type: 104, fields: { names: 'names' } },
  attrs: { type: 105, fields: { attributes: 'attributes' } },
  extended: { type: 201, fields: { data: 'rest' } },
} as const satisfies Record<string, { type: number; fields: Layout }>

type Layouts = typeof layouts

export type ReplyKind = keyof Layouts

/** What a reply says, without its number. */
export type Answer = {
  readonly [Kind in ReplyKind]: { readonly kind: Kind } & Fields<Layouts[Kind]['fields']>
}[ReplyKind]

export type SftpReply = Answer & { readonly id: number }

/** The codes of a status in version 3. */
export const status = {
  ok: 0,
  endOfFile: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  badMessage: 5,
  noConnection: 6,
  connectionLost: 7,
  unsupported: 8,
} as const

const kinds = new Map(Object.entries(layouts).map(([kind, { type }]) => [type as number, kind as ReplyKind]))

/** Reads a message, which begins with its type. Data is lent from it. */
export function readReply(message: Uint8Array): SftpReply {
  const reader = new WireReader(message)
  const type = reader.byte()
  const id = reader.uint32()
  const kind = kinds.get(type)
  if (kind === undefined) throw new ProtocolError(`a reply of the unknown type ${type}`)
  const layout: Layout = layouts[kind].fields
  return readFields(reader, layout, { kind, id }) as unknown as SftpReply
}

/** The bytes of a reply, from its length on. */
export function writeReply(id: number, answer: Answer): Uint8Array {
  const layout: { type: number; fields: Layout } = layouts[answer.kind]
  const writer = new WireWriter(layout.type)
  writer.uint32(id)
  writeFields(writer, layout.fields, answer as unknown as Fields<Layout>)
  return writer.message()
}

/** What stands before so many bytes of data in SSH_FXP_DATA: length, type, number, length of the data. */
export function dataHead(id: number, count: number): Uint8Array {
  return headOf(layouts.data.type, id, count, count)
}

/** The length, type and number of an answer, and how many names it has. */
export const namesHeadSize = 13

/** What stands before names that travel as they are. */
export function namesHead(id: number, { count, bytes }: { count: number; bytes: Uint8Array }): Uint8Array {
  return headOf(layouts.name.type, id, count, bytes.length)
}

function headOf(type: number, id: number, count: number, length: number): Uint8Array {
  const head = new Uint8Array(namesHeadSize)
  const view = new DataView(head.buffer)
  view.setUint32(0, 9 + length)
  view.setUint8(4, type)
  view.setUint32(5, id)
  view.setUint32(9, count)
  return head
}
