import { ProtocolError } from '../../core/error.ts'
import { readAttributes, writeAttributes, type Attributes } from './attributes.ts'
import { readNames, writeNames, type Name } from './names.ts'
import { readPairs, writePairs, type Pair } from './pairs.ts'
import { WireReader } from './reader.ts'
import { WireWriter } from './writer.ts'

/** What the types of fields are in TypeScript. */
interface FieldTypes {
  uint32: number
  uint64: number
  text: string
  lastText: string
  handle: string
  bytes: Uint8Array
  rest: Uint8Array
  ids: readonly number[]
  texts: readonly string[]
  attributes: Attributes
  names: readonly Name[]
  pairs: readonly Pair[]
}

type FieldType = keyof FieldTypes

/** The fields of a message, in the order they travel. */
export type Layout = Readonly<Record<string, FieldType>>

/** The values of these fields. */
export type Fields<L extends Layout> = { readonly [Name in keyof L]: FieldTypes[L[Name]] }

/** The fields, beside what is known already. */
export function readFields<L extends Layout, Known extends object>(
  reader: WireReader,
  layout: L,
  known: Known,
): Known & Fields<L> {
  const fields = known as Record<string, unknown>
  for (const { name, codec } of rowsOf(layout)) fields[name] = codec.read(reader)
  return fields as Known & Fields<L>
}

export function writeFields<L extends Layout>(writer: WireWriter, layout: L, values: Fields<L>): void {
  for (const { name, codec } of rowsOf(layout)) codec.write(writer, values[name])
}

interface Codec<Value> {
  read(reader: WireReader): Value
  write(writer: WireWriter, value: Value): void
}

interface Row {
  readonly name: string
  readonly codec: Codec<unknown>
}

/** Looked up once for each layout: to go through an object's names for each message costs more than the rest of it. */
const rows = new Map<Layout, readonly Row[]>()

function rowsOf(layout: Layout): readonly Row[] {
  const known = rows.get(layout)
  if (known !== undefined) return known
  const made = Object.entries(layout).map(([name, type]) => ({ name, codec: codecs[type] as Codec<unknown> }))
  rows.set(layout, made)
  return made
}

/** The draft's own limit (§6.3). */
const longestHandle = 256

const codecs: { readonly [Type in FieldType]: Codec<FieldTypes[Type]> } = {
  uint32: { read: (reader) => reader.uint32(), write: (writer, value) => writer.uint32(value) },
  uint64: { read: (reader) => reader.uint64(), write: (writer, value) => writer.uint64(value) },
  text: { read: (reader) => reader.text(), write: (writer, value) => writer.text(value) },
  // Servers of version 2 and some of version 3 leave the text of a status away.
  lastText: {
    read: (reader) => (reader.left < 4 ? '' : reader.text()),
    write: (writer, value) => writer.text(value),
  },
  handle: {
    read: (reader) => handleOf(reader.bytes()),
    write: writeHandle,
  },
  bytes: { read: (reader) => reader.bytes(), write: (writer, value) => writer.bytes(value) },
  rest: { read: (reader) => reader.rest(), write: (writer, value) => writer.rest(value) },
  ids: { read: (reader) => idsIn(reader.bytes()), write: (writer, value) => writer.bytes(bytesOf(value)) },
  texts: { read: readTexts, write: writeTexts },
  attributes: { read: readAttributes, write: writeAttributes },
  names: { read: readNames, write: writeNames },
  pairs: { read: readPairs, write: writePairs },
}

/** A handle is bytes that only its maker understands: each byte is kept as one character. */
function handleOf(bytes: Uint8Array): string {
  if (bytes.length > longestHandle) throw new ProtocolError('a handle is longer than 256 bytes')
  let handle = ''
  for (const byte of bytes) handle += String.fromCharCode(byte)
  return handle
}

function writeHandle(writer: WireWriter, handle: string): void {
  writer.uint32(handle.length)
  for (let at = 0; at < handle.length; at += 1) writer.byte(handle.charCodeAt(at))
}

function idsIn(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => view.getUint32(index * 4))
}

function bytesOf(ids: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(ids.length * 4)
  const view = new DataView(bytes.buffer)
  for (const [index, id] of ids.entries()) view.setUint32(index * 4, id)
  return bytes
}

/** Texts one behind the other, inside one string. */
function readTexts(reader: WireReader): string[] {
  const bytes = reader.bytes()
  const texts: string[] = []
  const inner = new WireReader(bytes)
  while (inner.left > 0) texts.push(inner.text())
  return texts
}

function writeTexts(writer: WireWriter, texts: readonly string[]): void {
  const inner = new WireWriter(0)
  for (const text of texts) inner.text(text)
  writer.bytes(inner.message().subarray(5))
}
