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

/** What the two sides of a connection offer. */
export interface Offers {
  readonly client: KexInit
  readonly server: KexInit
}

/** Chooses the first of the client's names that the server has too (RFC 4253 §7.1). */
export function negotiate(client: KexInit, server: KexInit, guesser: KexInit): Agreed {
  const offers = { client, server }
  const kex = choose(offers, 'key exchange', 'kex')
  const hostKey = choose(offers, 'host key', 'hostKeys')
  const toServer = cipherNamed(choose(offers, 'cipher', 'ciphersToServer'))
  const toClient = cipherNamed(choose(offers, 'cipher', 'ciphersToClient'))
  choose(offers, 'compression', 'compressionToServer')
  choose(offers, 'compression', 'compressionToClient')
  const firsts = client.kex[0] === server.kex[0] && client.hostKeys[0] === server.hostKeys[0]
  return {
    kex: methodNamed(kex),
    hostKey,
    cipherToServer: toServer,
    cipherToClient: toClient,
    macToServer: macFor(toServer, offers, 'macsToServer'),
    macToClient: macFor(toClient, offers, 'macsToClient'),
    wrongGuess: guesser.guessed && !firsts,
  }
}

type ListName = Exclude<keyof KexInit, 'guessed'>

/** The two sides have nothing in common. */
export class NothingInCommon extends ProtocolError {
  readonly offers: Offers

  constructor(offers: Offers, what: string, list: ListName) {
    const { client, server } = offers
    super(
      `no ${what} in common: the client offers ${listed(client[list])}, the server ${listed(server[list])}`,
      { facts: { phase: 'secure', retryable: false, connectionUsable: false } },
    )
    this.name = 'NothingInCommon'
    this.offers = offers
  }
}

/** The name in one of the lists that both sides will use; undefined: there is none. */
export function firstInCommon({ client, server }: Offers, list: ListName): string | undefined {
  return client[list].find((name) => !isMark(name) && server[list].includes(name))
}

function choose(offers: Offers, what: string, list: ListName): string {
  const found = firstInCommon(offers, list)
  if (found === undefined) throw new NothingInCommon(offers, what, list)
  return found
}

/** Names in the list of exchanges that are no exchange but say what a side can do. */
function isMark(name: string): boolean {
  return name.startsWith('ext-info-') || name.startsWith('kex-strict-')
}

/** RFC 4251 §6; what a stranger sends goes into the log. */
const longestName = 64

function listed(names: readonly string[]): string {
  return names.length === 0
    ? 'nothing'
    : names
        .filter((name) => !isMark(name))
        .slice(0, 20)
        .map((name) => name.slice(0, longestName))
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

function macFor(cipher: Cipher, offers: Offers, list: 'macsToServer' | 'macsToClient'): Mac {
  if (cipher.authenticates) return noMac
  const wanted = choose(offers, 'MAC', list)
  const found = [...macs, ...legacyMacs].find(({ name }) => name === wanted)
  if (found === undefined) throw new Error(`${wanted} was agreed on and is not there`)
  return found
}
