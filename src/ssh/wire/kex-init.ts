import { ProtocolError } from '../../core/error.ts'
import { message } from './message.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** What one side offers, the best first (RFC 4253 §7.1). `In` is from the server to the client: `ToClient`. */
export interface KexInit {
  readonly kex: readonly string[]
  readonly hostKeys: readonly string[]
  readonly ciphersToServer: readonly string[]
  readonly ciphersToClient: readonly string[]
  readonly macsToServer: readonly string[]
  readonly macsToClient: readonly string[]
  readonly compressionToServer: readonly string[]
  readonly compressionToClient: readonly string[]
  /** A first message of the exchange follows, made for the first of each list. */
  readonly guessed: boolean
}

/** More names than this in a list are no offer. */
const mostNames = 256

export function parseKexInit(payload: Uint8Array): KexInit {
  const reader = new Reader(payload, 17)
  const names = (): string[] => {
    const list = reader.names()
    if (list.length > mostNames) throw new ProtocolError('a list of too many algorithms')
    return list
  }
  const init = {
    kex: names(),
    hostKeys: names(),
    ciphersToServer: names(),
    ciphersToClient: names(),
    macsToServer: names(),
    macsToClient: names(),
    compressionToServer: names(),
    compressionToClient: names(),
  }
  names()
  names() // languages, which nobody uses
  return { ...init, guessed: reader.boolean() }
}

/** `cookie`: 16 random bytes. */
export function formatKexInit(init: KexInit, cookie: Uint8Array): Uint8Array {
  return new Writer(1024)
    .byte(message.kexInit)
    .raw(cookie)
    .names(init.kex)
    .names(init.hostKeys)
    .names(init.ciphersToServer)
    .names(init.ciphersToClient)
    .names(init.macsToServer)
    .names(init.macsToClient)
    .names(init.compressionToServer)
    .names(init.compressionToClient)
    .names([])
    .names([])
    .boolean(init.guessed)
    .uint32(0)
    .done()
}
