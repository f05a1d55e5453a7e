import { ProtocolError } from '../../core/error.ts'
import { ciphers, legacyCiphers, legacyMacs, macs, type Cipher, type Mac } from '../packet/ciphers.ts'
import type { KexInit } from '../wire/kex-init.ts'
import type { GroupExchange, KexMethod } from './method.ts'
import { kexMethods, legacyKexMethods } from './methods.ts'

/** What both sides have agreed on. */
export interface Agreed {
  readonly kex: KexMethod | GroupExchange
  readonly hostKey: string
  readonly cipherToServer: Cipher
  readonly cipherToClient: Cipher
  readonly macToServer: Mac
  readonly macToClient: Mac
  /** The other side has sent a first message that belongs to another method. */
  readonly wrongGuess: boolean
}

/** Chooses the first of the client's names that the server has too (RFC 4253 §7.1). */
export function negotiate(client: KexInit, server: KexInit, guesser: KexInit): Agreed {
  const kex = choose('key exchange', client.kex, server.kex)
  const hostKey = choose('host key', client.hostKeys, server.hostKeys)
  const toServer = cipherNamed(choose('cipher', client.ciphersToServer, server.ciphersToServer))
  const toClient = cipherNamed(choose('cipher', client.ciphersToClient, server.ciphersToClient))
  choose('compression', client.compressionToServer, server.compressionToServer)
  choose('compression', client.compressionToClient, server.compressionToClient)
  const firsts = client.kex[0] === server.kex[0] && client.hostKeys[0] === server.hostKeys[0]
  return {
    kex: methodNamed(kex),
    hostKey,
    cipherToServer: toServer,
    cipherToClient: toClient,
    macToServer: macFor(toServer, client.macsToServer, server.macsToServer),
    macToClient: macFor(toClient, client.macsToClient, server.macsToClient),
    wrongGuess: guesser.guessed && !firsts,
  }
}

/** The two sides have nothing in common. */
export class NothingInCommon extends ProtocolError {
  constructor(what: string, client: readonly string[], server: readonly string[]) {
    super(`no ${what} in common: the client offers ${listed(client)}, the server ${listed(server)}`, {
      facts: { phase: 'secure', retryable: false, connectionUsable: false },
    })
    this.name = 'NothingInCommon'
  }
}

function choose(what: string, client: readonly string[], server: readonly string[]): string {
  const found = client.find((name) => !isMark(name) && server.includes(name))
  if (found === undefined) throw new NothingInCommon(what, client, server)
  return found
}

/** Names in the list of exchanges that are no exchange but say what a side can do. */
function isMark(name: string): boolean {
  return name.startsWith('ext-info-') || name.startsWith('kex-strict-')
}

function listed(names: readonly string[]): string {
  return names.length === 0
    ? 'nothing'
    : names
        .filter((name) => !isMark(name))
        .slice(0, 20)
        .join(', ')
}

function methodNamed(wanted: string): KexMethod | GroupExchange {
  const found = [...kexMethods, ...legacyKexMethods].find(({ name }) => name === wanted)
  if (found === undefined) throw new Error(`${wanted} was agreed on and is not there`)
  return found
}

function cipherNamed(wanted: string): Cipher {
  const found = [...ciphers, ...legacyCiphers].find(({ name }) => name === wanted)
  if (found === undefined) throw new Error(`${wanted} was agreed on and is not there`)
  return found
}

const noMac: Mac = { name: 'its own', hash: '', length: 0, early: false }

function macFor(cipher: Cipher, client: readonly string[], server: readonly string[]): Mac {
  if (cipher.authenticates) return noMac
  const wanted = choose('MAC', client, server)
  const found = [...macs, ...legacyMacs].find(({ name }) => name === wanted)
  if (found === undefined) throw new Error(`${wanted} was agreed on and is not there`)
  return found
}
