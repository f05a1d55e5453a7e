import { ProtocolError } from '../../core/error.ts'
import { readPairs, writePairs, type Pair } from './pairs.ts'
import { WireReader } from './reader.ts'
import { WireWriter } from './writer.ts'

/** The first message of each side: SSH_FXP_INIT and SSH_FXP_VERSION (draft-ietf-secsh-filexfer-02 §4). */
export interface Hello {
  readonly version: number
  readonly extensions: readonly Pair[]
}

const types = { client: 1, server: 2 } as const

export function readHello(message: Uint8Array, from: keyof typeof types): Hello {
  const reader = new WireReader(message)
  if (reader.byte() !== types[from]) throw new ProtocolError('this does not begin as SFTP does')
  return { version: reader.uint32(), extensions: readPairs(reader) }
}

export function writeHello(from: keyof typeof types, hello: Hello): Uint8Array {
  const writer = new WireWriter(types[from])
  writer.uint32(hello.version)
  writePairs(writer, hello.extensions)
  return writer.message()
}
