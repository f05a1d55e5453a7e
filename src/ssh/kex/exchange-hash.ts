import { createHash } from 'node:crypto'
import { Writer } from '../wire/writer.ts'
import type { Secret } from './method.ts'

/** What both sides hash and the server signs (RFC 4253 §8, RFC 4419 §3). */
export interface Hashed {
  readonly clientVersion: string
  readonly serverVersion: string
  readonly clientInit: Uint8Array
  readonly serverInit: Uint8Array
  readonly hostKey: Uint8Array
  /** What a group exchange has in addition: the sizes asked for, and the group. */
  readonly group: Uint8Array
  readonly clientOffer: Uint8Array
  readonly serverOffer: Uint8Array
  readonly secret: Secret
}

export function exchangeHash(name: string, parts: Hashed): Uint8Array {
  const bytes = new Writer(4096)
    .string(parts.clientVersion)
    .string(parts.serverVersion)
    .string(parts.clientInit)
    .string(parts.serverInit)
    .string(parts.hostKey)
    .raw(parts.group)
    .string(parts.clientOffer)
    .string(parts.serverOffer)
    .raw(parts.secret)
    .done()
  return createHash(name).update(bytes).digest()
}
