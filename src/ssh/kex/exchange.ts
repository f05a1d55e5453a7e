import { ProtocolError } from '../../core/error.ts'
import type { Signer } from '../signer.ts'
import { message } from '../wire/message.ts'
import { parseKexInit, type KexInit } from '../wire/kex-init.ts'
import { clientHalf, type CheckHost } from './client-half.ts'
import type { ExchangeHalf, Exchanged, HalfStep } from './half.ts'
import { negotiate, type Agreed } from './negotiate.ts'
import { serverHalf } from './server-half.ts'

/** On which side of a connection we are, and what proves or checks the server's key. */
export type Side =
  | { readonly role: 'server'; readonly hostKeys: ReadonlyMap<string, Signer> }
  | { readonly role: 'client'; readonly check: CheckHost }

/** What both sides call themselves; the other's name is not known when we begin. */
export interface Versions {
  readonly mine: string
  readonly theirs: () => string
}

/** One key exchange, from our KEXINIT to the other side's NEWKEYS. Messages in, messages out. */
export class Exchange {
  readonly #side: Side
  readonly #versions: Versions
  readonly #mine: Uint8Array
  #theirs: KexInit | undefined
  #half: ExchangeHalf | undefined
  #agreed: Agreed | undefined
  #skip = false
  #done: Exchanged | undefined

  /** `mine` is our KEXINIT, as it was sent. */
  constructor(side: Side, versions: Versions, mine: Uint8Array) {
    this.#side = side
    this.#versions = versions
    this.#mine = mine
  }

  /** Whether the other side's KEXINIT has come: then it may say nothing but what belongs to the exchange. */
  get running(): boolean {
    return this.#theirs !== undefined
  }

  /** What the other side offers, once that is known. */
  get theirs(): KexInit | undefined {
    return this.#theirs
  }

  get agreed(): Agreed {
    if (this.#agreed === undefined) throw new Error('nothing is agreed on yet')
    return this.#agreed
  }

  /** What came of it; undefined: it is still going on. */
  get done(): Exchanged | undefined {
    return this.#done
  }

  async take(payload: Uint8Array): Promise<readonly Uint8Array[]> {
    const number = payload[0] ?? 0
    if (number === message.kexInit) return this.#takeInit(payload)
    if (this.#half === undefined || this.#done !== undefined)
      throw new ProtocolError(`message ${number} came outside of a key exchange`)
    if (this.#skip) {
      this.#skip = false
      return []
    }
    return this.#step(await this.#half.take(payload))
  }

  async #takeInit(payload: Uint8Array): Promise<readonly Uint8Array[]> {
    if (this.#theirs !== undefined) throw new ProtocolError('a second KEXINIT within one key exchange')
    const theirs = parseKexInit(payload)
    const mine = parseKexInit(this.#mine)
    this.#theirs = theirs
    const myVersion = this.#versions.mine
    const theirVersion = this.#versions.theirs()
    if (this.#side.role === 'server') {
      this.#agreed = negotiate(theirs, mine, theirs)
      const said = { clientVersion: theirVersion, serverVersion: myVersion }
      const inits = { clientInit: payload, serverInit: this.#mine }
      this.#half = serverHalf({ agreed: this.#agreed, ...said, ...inits }, this.#side.hostKeys)
    } else {
      this.#agreed = negotiate(mine, theirs, theirs)
      const said = { clientVersion: myVersion, serverVersion: theirVersion }
      const inits = { clientInit: this.#mine, serverInit: payload }
      this.#half = clientHalf({ agreed: this.#agreed, ...said, ...inits }, this.#side.check)
    }
    this.#skip = this.#agreed.wrongGuess
    return this.#step(await this.#half.start())
  }

  #step({ send, done }: HalfStep): readonly Uint8Array[] {
    this.#done = done
    return send
  }
}
