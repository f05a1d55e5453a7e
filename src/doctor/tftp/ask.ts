import { familyOf } from '../../core/address.ts'
import { NetworkError, ProtocolError } from '../../core/error.ts'
import type { Datagrams, Peer } from '../../core/network.ts'
import { decodePacket, encodePacket, type Packet } from '../../tftp/packet.ts'
import type { Reaching } from '../checks/examination.ts'
import { outcomeOf } from '../dialogue.ts'
import { within } from '../within.ts'
import type { Asked } from './findings.ts'

export interface Question {
  readonly file: string
  readonly options: Readonly<Record<string, string>>
}

/** Asks for a file by TFTP and looks at the first blocks; the server is told at once that this is all. */
export async function ask(reaching: Reaching, address: string, question: Question): Promise<Asked> {
  const { clock } = reaching
  const started = clock.ticks()
  const ms = (): number => Math.round(clock.ticks() - started)
  try {
    const exchange = await Exchange.open(reaching, { address, port: reaching.port }, question)
    try {
      return { options: question.options, ...(await exchange.run()), ms: ms() }
    } finally {
      await exchange.close()
    }
  } catch (thrown) {
    if (!(thrown instanceof NetworkError)) throw thrown
    return { outcome: outcomeOf(thrown), ms: ms(), options: question.options, text: thrown.message }
  }
}

/** A block behind which another must come (RFC 1350 section 2). */
const fullBlock = 512

/** How often a request is sent: one may be lost on the way. */
const tries = 3

type Result = Omit<Asked, 'ms' | 'options'>

class Exchange {
  readonly #reaching: Reaching
  readonly #server: Peer
  readonly #question: Question
  #place: Datagrams | undefined
  /** A socket that speaks to the port alone: only that one is told that nobody listens there. */
  #probe: Datagrams | undefined
  #refused = false
  readonly #heard: { readonly packet: Packet; readonly from: Peer }[] = []
  #wake: (() => void) | undefined

  private constructor(reaching: Reaching, server: Peer, question: Question) {
    this.#reaching = reaching
    this.#server = server
    this.#question = question
  }

  static async open(reaching: Reaching, server: Peer, question: Question): Promise<Exchange> {
    const exchange = new Exchange(reaching, server, question)
    const host = familyOf(server.address) === 6 ? '::' : '0.0.0.0'
    exchange.#place = await reaching.network.datagrams({ host, port: 0 }, (bytes, from) =>
      exchange.#take(bytes, from),
    )
    exchange.#probe = await reaching.network.datagrams(
      { host, port: 0, peer: server, refused: () => exchange.#refuse() },
      () => undefined,
    )
    return exchange
  }

  async close(): Promise<void> {
    await this.#place?.close()
    await this.#probe?.close()
  }

  async run(): Promise<Result> {
    const first = await this.#ask()
    if (first === undefined) return { outcome: this.#refused ? 'refused' : 'silence' }
    const { packet, from } = first
    switch (packet.kind) {
      case 'error':
        return { outcome: 'rejected', from: from.port, code: packet.code, text: packet.text }
      case 'data':
        return this.#secondBlock(packet.bytes.length, from)
      case 'oack':
        return this.#firstBlock(packet, from)
      case 'request':
      case 'ack':
        return { outcome: 'rejected', from: from.port, text: `an ${packet.kind} is no answer to a request` }
    }
  }

  /** A block came: whether what is said to the port that it came from arrives there is another matter. */
  async #secondBlock(blockBytes: number, from: Peer): Promise<Result> {
    const found = { from: from.port, taken: {}, blockBytes }
    const goesOn = blockBytes < fullBlock || (await this.#nextComes(from))
    this.#stop(from)
    if (goesOn) return { outcome: 'works', ...found }
    return { outcome: 'silence', ...found, text: 'the first block comes, and none behind it' }
  }

  async #nextComes(from: Peer): Promise<boolean> {
    for (let tried = 0; tried < tries; tried += 1) {
      this.#place?.send(encodePacket({ kind: 'ack', block: 1 }), from)
      const next = await this.#next(from)
      if (next?.kind === 'data' && next.block === 2) return true
    }
    return false
  }

  /** The options are agreed on: whether a block of that size arrives is another matter. */
  async #firstBlock({ options }: Extract<Packet, { kind: 'oack' }>, from: Peer): Promise<Result> {
    const taken = Object.fromEntries(options.map(({ name, value }) => [name.toLowerCase(), value]))
    for (let tried = 0; tried < tries; tried += 1) {
      this.#place?.send(encodePacket({ kind: 'ack', block: 0 }), from)
      const next = await this.#next(from)
      if (next?.kind === 'data') {
        this.#stop(from)
        return { outcome: 'works', from: from.port, taken, blockBytes: next.bytes.length }
      }
      if (next?.kind === 'error') {
        return { outcome: 'rejected', from: from.port, taken, code: next.code, text: next.text }
      }
    }
    this.#stop(from)
    return {
      outcome: 'silence',
      from: from.port,
      taken,
      text: 'the options are agreed on, and no block comes',
    }
  }

  async #ask(): Promise<{ readonly packet: Packet; readonly from: Peer } | undefined> {
    const { file, options } = this.#question
    const list = Object.entries(options).map(([name, value]) => ({ name, value }))
    const request = encodePacket({ kind: 'request', deed: 'read', name: file, mode: 'octet', options: list })
    for (let tried = 0; tried < tries && !this.#refused; tried += 1) {
      this.#place?.send(request, this.#server)
      if (tried === 0) this.#probe?.send(Uint8Array.of(0, 5, 0, 0, 0), this.#server)
      await this.#wait()
      const first = this.#heard.shift()
      if (first !== undefined) return first
    }
    return undefined
  }

  async #next(from: Peer): Promise<Packet | undefined> {
    await this.#wait()
    const at = this.#heard.findIndex((heard) => heard.from.port === from.port && heard.packet.kind !== 'oack')
    const [found] = at === -1 ? [] : this.#heard.splice(at, 1)
    return found?.packet
  }

  async #wait(): Promise<void> {
    if (this.#heard.length > 0) return
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    await within(this.#reaching.clock, this.#reaching.patienceMs / tries, woken)
  }

  /** ERROR 0: a client that has what it wanted says so, or the server sends again for a minute. */
  #stop(to: Peer): void {
    this.#place?.send(encodePacket({ kind: 'error', code: 0, text: 'this was all' }), to)
  }

  #refuse(): void {
    this.#refused = true
    this.#wake?.()
  }

  #take(bytes: Uint8Array, from: Peer): void {
    if (from.address !== this.#server.address || this.#heard.length >= 16) return
    try {
      this.#heard.push({ packet: decodePacket(bytes), from })
    } catch (thrown) {
      if (!(thrown instanceof ProtocolError)) throw thrown
      return
    }
    this.#wake?.()
  }
}
