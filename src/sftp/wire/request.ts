import { readFields, writeFields, type Fields, type Layout } from './layout.ts'
import { WireReader } from './reader.ts'
import { WireWriter } from './writer.ts'

/** The messages that a client sends, as version 3 has them (draft-ietf-secsh-filexfer-02 §6). */
const layouts = {
  open: { type: 3, fields: { path: 'text', flags: 'uint32', attributes: 'attributes' } },
  close: { type: 4, fields: { handle: 'handle' } },
  read: { type: 5, fields: { handle: 'handle', offset: 'uint64', length: 'uint32' } },
  write: { type: 6, fields: { handle: 'handle', offset: 'uint64', data: 'bytes' } },
  lstat: { type: 7, fields: { path: 'text' } },
  fstat: { type: 8, fields: { handle: 'handle' } },
  setstat: { type: 9, fields: { path: 'text', attributes: 'attributes' } },
  fsetstat: { type: 10, fields: { handle: 'handle', attributes: 'attributes' } },
  opendir: { type: 11, fields: { path: 'text' } },
  readdir: { type: 12, fields: { handle: 'handle' } },
  remove: { type: 13, fields: { path: 'text' } },
  mkdir: { type: 14, fields: { path: 'text', attributes: 'attributes' } },
  rmdir: { type: 15, fields: { path: 'text' } },
  realpath: { type: 16, fields: { path: 'text' } },
  stat: { type: 17, fields: { path: 'text' } },
  rename: { type: 18, fields: { from: 'text', to: 'text' } },
  readlink: { type: 19, fields: { path: 'text' } },
  // OpenSSH has the two the other way than the draft, and all clients follow it (PROTOCOL §4.1).
  symlink: { type: 20, fields: { target: 'text', path: 'text' } },
  extended: { type: 200, fields: { name: 'text', data: 'rest' } },
} as const satisfies Record<string, { type: number; fields: Layout }>

type Layouts = typeof layouts

export type RequestKind = keyof Layouts

/** What a request of a kind says, without its number. */
export type Asked<Kind extends RequestKind> = Fields<Layouts[Kind]['fields']>

/** One request. */
export type SftpRequest = {
  readonly [Kind in RequestKind]: { readonly kind: Kind; readonly id: number } & Asked<Kind>
}[RequestKind]

/** How to open a file (§6.3). */
export const openFlags = { read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 } as const

/** A message that is no request we know: only its number is understood, if that. */
export interface UnknownRequest {
  readonly kind: 'unknown'
  readonly type: number
  readonly id: number
}

const kinds = new Map(
  Object.entries(layouts).map(([kind, { type }]) => [type as number, kind as RequestKind]),
)

/** Reads a message, which begins with its type. Data is lent from it. */
export function readRequest(message: Uint8Array): SftpRequest | UnknownRequest {
  const reader = new WireReader(message)
  const type = reader.byte()
  const id = reader.uint32()
  const kind = kinds.get(type)
  if (kind === undefined) return { kind: 'unknown', type, id }
  const layout: Layout = layouts[kind].fields
  return readFields(reader, layout, { kind, id }) as unknown as SftpRequest
}

/** The bytes of a request, from its length on, in pieces: the data of WRITE, which comes last, is lent and not copied. */
export function writeRequest(request: SftpRequest): readonly Uint8Array[] {
  const layout: { type: number; fields: Layout } = layouts[request.kind]
  const writer = new WireWriter(layout.type)
  writer.uint32(request.id)
  if (request.kind !== 'write') {
    writeFields(writer, layout.fields, request as unknown as Fields<Layout>)
    return [writer.message()]
  }
  const { data } = request
  writeFields(writer, headOfWrite, request)
  writer.uint32(data.length)
  return [writer.message(data.length), data]
}

const headOfWrite = { handle: 'handle', offset: 'uint64' } as const
