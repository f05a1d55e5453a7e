import type { Block } from '../../core/blocks.ts'
import { FileError, ProtocolError, type Fault } from '../../core/error.ts'
import type { Attributes } from '../wire/attributes.ts'
import type { Name } from '../wire/names.ts'
import { status, type SftpReply } from '../wire/reply.ts'
import type { Keep } from './link.ts'

/** What went right of a request that has nothing to tell; throws when it did not. */
export function takeOk(path: string): (reply: SftpReply) => void {
  return (reply) => {
    if (reply.kind !== 'status') throw strange(reply)
    if (reply.code !== status.ok) throw faultOf(reply.code, reply.message, path)
  }
}

export function takeHandle(path: string): (reply: SftpReply) => string {
  return (reply) => (reply.kind === 'handle' ? reply.handle : unexpected(reply, path))
}

export function takeAttributes(path: string): (reply: SftpReply) => Attributes {
  return (reply) => (reply.kind === 'attrs' ? reply.attributes : unexpected(reply, path))
}

/** Names; none at the end of a listing. */
export function takeNames(path: string): (reply: SftpReply) => readonly Name[] {
  return (reply) => {
    if (reply.kind === 'status' && reply.code === status.endOfFile) return []
    return reply.kind === 'name' ? reply.names : unexpected(reply, path)
  }
}

/** The one name of REALPATH, READLINK and their like. */
export function takePath(path: string): (reply: SftpReply) => string {
  return (reply) => {
    const [first] = reply.kind === 'name' ? reply.names : unexpected(reply, path)
    if (first === undefined) throw new ProtocolError('the server answered without a name')
    return first.name
  }
}

/** Copies data to where it is wanted: how many bytes came, 0 at the end. */
export function takeData(path: string, into: Uint8Array): (reply: SftpReply) => number {
  return (reply) => {
    const data = dataIn(reply, path, into.length)
    into.set(data)
    return data.length
  }
}

/** Keeps data where it came: none at the end. */
export function takeLent(path: string, length: number): (reply: SftpReply, keep: Keep) => Block {
  return (reply, keep) => ({ bytes: dataIn(reply, path, length), release: keep() })
}

/** The data of an extended answer, copied. */
export function takeExtended(path: string): (reply: SftpReply) => Uint8Array {
  return (reply) => (reply.kind === 'extended' ? new Uint8Array(reply.data) : unexpected(reply, path))
}

function dataIn(reply: SftpReply, path: string, most: number): Uint8Array {
  if (reply.kind === 'status' && reply.code === status.endOfFile) return nothing
  const data = reply.kind === 'data' ? reply.data : unexpected(reply, path)
  if (data.length > most) throw new ProtocolError('the server sent more than was asked for')
  return data
}

const nothing = new Uint8Array(0)

function unexpected(reply: SftpReply, path: string): never {
  if (reply.kind === 'status' && reply.code !== status.ok) throw faultOf(reply.code, reply.message, path)
  throw strange(reply)
}

function strange(reply: SftpReply): ProtocolError {
  return new ProtocolError(`the server answered with ${reply.kind}, which is no answer to that`)
}

/** What a status means. Version 3 says `failure` for most; who asked may find out more (`diagnose.ts`). */
const faults: Readonly<Record<number, Fault>> = {
  [status.noSuchFile]: 'not-found',
  [status.permissionDenied]: 'denied',
  [status.unsupported]: 'unsupported',
  // Codes of version 5 and 6 that servers of version 3 send all the same.
  11: 'exists',
  14: 'full',
  15: 'quota',
  17: 'busy',
  18: 'not-empty',
  19: 'not-directory',
  24: 'is-directory',
}

const plain: Readonly<Record<number, string>> = {
  [status.endOfFile]: 'the end of the file',
  [status.noSuchFile]: 'no such file or directory',
  [status.permissionDenied]: 'permission denied',
  [status.failure]: 'the server says that it failed, and not why',
  [status.unsupported]: 'the server cannot do that',
}

/** No person reads more of what a server has to say of a failure. */
const longestWords = 500

function faultOf(code: number, message: string, path: string): FileError {
  const reply = message.slice(0, longestWords)
  const text = reply === '' ? (plain[code] ?? `the server answered with status ${code}`) : reply
  // `Failure`, but not `I/O error`.
  const inSentence = text.replace(/^[A-Z](?=[a-z])/u, (letter) => letter.toLowerCase())
  return new FileError(faults[code] ?? 'failed', inSentence, {
    facts: { code, reply, phase: 'command', path, retryable: false, connectionUsable: true },
  })
}
