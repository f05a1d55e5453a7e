import { ProtocolError } from '../../core/error.ts'
import { isCertificateName, parseCertificate, plainAlgorithm } from '../certificate.ts'
import { isOldSignature, isSignature, parsePublicKey } from '../public-key.ts'
import { message } from '../wire/message.ts'
import { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import { dhHalf } from './dh.ts'
import { exchangeHash } from './exchange-hash.ts'
import type { ExchangeHalf, HalfStep, Preface } from './half.ts'
import type { Half } from './method.ts'

/** Resolves when a host key, which the server has proven to hold, is trusted. */
export type CheckHost = (algorithm: string, blob: Uint8Array) => Promise<void>

/** The client's part: it begins, and looks at the server's key before anything else is said. */
export function clientHalf(preface: Preface, check: CheckHost): ExchangeHalf {
  return new ClientHalf(preface, check)
}

/** The sizes of groups that are asked for: least, wanted, most. */
const groupSizes = [2048, 4096, 8192] as const

class ClientHalf implements ExchangeHalf {
  readonly #preface: Preface
  readonly #check: CheckHost
  #half: Half | undefined
  #group: Uint8Array | undefined

  constructor(preface: Preface, check: CheckHost) {
    this.#preface = preface
    this.#check = check
  }

  async start(): Promise<HalfStep> {
    const { kex } = this.#preface.agreed
    if ('group' in kex) {
      const asked = new Writer(16).byte(message.groupRequest)
      for (const size of groupSizes) asked.uint32(size)
      return { send: [asked.done()] }
    }
    this.#half = await kex.begin()
    return { send: [new Writer(2048).byte(message.kexFirst).string(this.#half.offer).done()] }
  }

  async take(payload: Uint8Array): Promise<HalfStep> {
    const inGroup = 'group' in this.#preface.agreed.kex
    const reader = new Reader(payload)
    const number = reader.byte()
    if (inGroup && number === message.kexReply && this.#group === undefined) return this.#joinGroup(reader)
    if (number === (inGroup ? message.groupReply : message.kexReply) && this.#half !== undefined)
      return this.#finish(reader, this.#half)
    throw new ProtocolError(`message ${number} has no place in this key exchange`)
  }

  async #joinGroup(reader: Reader): Promise<HalfStep> {
    const prime = reader.mpint()
    const generator = reader.mpint()
    const [least, , most] = groupSizes
    const bits = prime.length * 8
    const odd = ((prime.at(-1) ?? 0) & 1) === 1
    if (bits < least || bits > most || !odd || generator.length !== 1 || (generator[0] ?? 0) < 2)
      throw new ProtocolError(`the server offers a group of ${bits} bits that is none`)
    const hashed = new Writer(2200)
    for (const size of groupSizes) hashed.uint32(size)
    this.#group = hashed.mpint(prime).mpint(generator).done()
    this.#half = await dhHalf({ prime, generator })
    return { send: [new Writer(1100).byte(message.groupInit).string(this.#half.offer).done()] }
  }

  async #finish(reader: Reader, half: Half): Promise<HalfStep> {
    const hostKey = reader.string()
    const serverOffer = reader.string()
    const signature = reader.string()
    const { agreed, ...said } = this.#preface
    const secret = await half.agree(serverOffer)
    const parts = { ...said, hostKey, group: this.#group ?? new Uint8Array(0) }
    const hash = exchangeHash(agreed.kex.hash, { ...parts, clientOffer: half.offer, serverOffer, secret })
    const proven =
      agreed.hostKey === 'ssh-rsa'
        ? isOldSignature(parsePublicKey(hostKey), hash, signature)
        : isProven(agreed.hostKey, hostKey, hash, signature)
    if (!proven)
      throw new ProtocolError('the server does not hold the key that it shows', {
        facts: { phase: 'secure' },
      })
    await this.#check(agreed.hostKey, hostKey)
    return { send: [], done: { exchangeHash: hash, secret } }
  }
}

/** Whether the server has signed with the key, or the certified key, that it shows. */
export function isProven(
  algorithm: string,
  blob: Uint8Array,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (!isCertificateName(algorithm)) return isSignature(parsePublicKey(blob), algorithm, data, signature)
  return isSignature(parseCertificate(blob).key, plainAlgorithm(algorithm), data, signature)
}
