import { ProtocolError } from '../../core/error.ts'
import type { Signer } from '../signer.ts'
import { message } from '../wire/message.ts'
import { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import { dhHalf, modp, type Group } from './dh.ts'
import { exchangeHash } from './exchange-hash.ts'
import type { ExchangeHalf, HalfStep, Preface } from './half.ts'
import type { Secret } from './method.ts'

/** The server's part: it answers, and signs what was said with its host key. */
export function serverHalf(preface: Preface, hostKeys: ReadonlyMap<string, Signer>): ExchangeHalf {
  return new ServerHalf(preface, hostKeys)
}

class ServerHalf implements ExchangeHalf {
  readonly #preface: Preface
  readonly #hostKeys: ReadonlyMap<string, Signer>
  #group: { group: Group; hashed: Uint8Array } | undefined

  constructor(preface: Preface, hostKeys: ReadonlyMap<string, Signer>) {
    this.#preface = preface
    this.#hostKeys = hostKeys
  }

  async start(): Promise<HalfStep> {
    return { send: [] }
  }

  async take(payload: Uint8Array): Promise<HalfStep> {
    const { kex } = this.#preface.agreed
    const reader = new Reader(payload)
    const number = reader.byte()
    if ('group' in kex) {
      if (number === message.groupRequest && this.#group === undefined) return this.#offerGroup(reader)
      if (number === message.groupInit && this.#group !== undefined) {
        const clientOffer = reader.string()
        const mine = await dhHalf(this.#group.group)
        return this.#reply(message.groupReply, clientOffer, mine.offer, await mine.agree(clientOffer))
      }
    } else if (number === message.kexFirst) {
      const clientOffer = reader.string()
      const { offer, secret } = await kex.answer(clientOffer)
      return this.#reply(message.kexReply, clientOffer, offer, secret)
    }
    throw new ProtocolError(`message ${number} has no place in this key exchange`)
  }

  #offerGroup(reader: Reader): HalfStep {
    const asked = reader.raw(12)
    const sizes = new Reader(asked)
    const group = groupOf(sizes.uint32(), sizes.uint32(), sizes.uint32())
    const hashed = new Writer(2200).raw(asked).mpint(group.prime).mpint(group.generator).done()
    this.#group = { group, hashed }
    const answer = new Writer(1100).byte(message.kexReply).mpint(group.prime).mpint(group.generator).done()
    return { send: [answer] }
  }

  async #reply(
    number: number,
    clientOffer: Uint8Array,
    serverOffer: Uint8Array,
    secret: Secret,
  ): Promise<HalfStep> {
    const { agreed, ...said } = this.#preface
    const signer = this.#hostKeys.get(agreed.hostKey)
    if (signer === undefined) throw new Error(`there is no key for ${agreed.hostKey}`)
    const parts = { ...said, hostKey: signer.blob, group: this.#group?.hashed ?? none }
    const hash = exchangeHash(agreed.kex.hash, { ...parts, clientOffer, serverOffer, secret })
    const answer = new Writer(2048)
      .byte(number)
      .string(signer.blob)
      .string(serverOffer)
      .string(await signer.sign(hash, agreed.hostKey))
      .done()
    return { send: [answer], done: { exchangeHash: hash, secret } }
  }
}

const none = new Uint8Array(0)

const groups = [
  [2048, 'modp14'],
  [3072, 'modp15'],
  [4096, 'modp16'],
  [6144, 'modp17'],
  [8192, 'modp18'],
] as const

/** The smallest of RFC 3526's groups that is as large as wanted: they are safe, and making others takes minutes. */
function groupOf(least: number, wanted: number, most: number): Group {
  if (least > wanted || wanted > most) throw new ProtocolError('a group is asked for that cannot be')
  const fitting = groups.filter(([bits]) => bits >= least && bits <= most)
  const found = fitting.find(([bits]) => bits >= wanted) ?? fitting.at(-1)
  if (found === undefined) throw new ProtocolError('there is no group of a size that was asked for')
  return modp(found[1])
}
