import { asError, NetworkError, ProtocolError } from '../core/error.ts'
import type { Peer } from '../core/network.ts'
import { ChannelLink } from './channel-link.ts'
import type { Transport } from './transport.ts'
import {
  dataHead,
  formatConfirmation,
  formatOpen,
  formatOpenFailure,
  parseOpen,
  parseOpenFailure,
  parseTerms,
  type OpenWish,
} from './wire/channel-messages.ts'
import { message, openFailure } from './wire/message.ts'
import { Reader } from './wire/reader.ts'
import { Writer } from './wire/writer.ts'

/** What becomes of a wish for a channel: what to do once it is open, or why it is not opened. */
export type OpenAnswer =
  | { readonly opened: (link: ChannelLink) => void }
  | { readonly reason: number; readonly text: string }

/** What one side does with the other's wishes. */
export interface ChannelHost {
  /** How many channels at once. */
  readonly most: number
  /** A channel is asked for. */
  open(wish: OpenWish): OpenAnswer | Promise<OpenAnswer>
  /** Something is asked for on a channel: whether it is done. undefined: the answer comes later, by `link.answer`. */
  request(link: ChannelLink, name: string, more: Reader, wantsReply: boolean): boolean | undefined
  /** Something is asked for that belongs to no channel; the answer, or undefined for no. */
  global(name: string, more: Reader): Promise<Uint8Array | undefined> | undefined
  /** Nobody uses the channel's number any more. */
  closed(link: ChannelLink): void
}

/** The connection layer of SSH (RFC 4254), for either side. */
export class Channels {
  readonly #transport: Transport
  readonly #host: ChannelHost
  readonly #ends: { readonly local: Peer; readonly remote: Peer }
  readonly #links = new Map<number, ChannelLink>()
  readonly #opening = new Map<number, (outcome: Error | undefined) => void>()
  readonly #asked: ((answer: Reader | undefined) => void)[] = []
  /** How many wishes of the other side's wait for their answer. */
  #undecided = 0

  constructor(transport: Transport, ends: { local: Peer; remote: Peer }, host: ChannelHost) {
    this.#transport = transport
    this.#ends = ends
    this.#host = host
  }

  get open(): number {
    return this.#links.size
  }

  take(number: number, payload: Uint8Array): void | Promise<void> {
    if (number === message.channelData) {
      const reader = new Reader(payload, 1)
      const link = this.#link(reader.uint32())
      const bytes = reader.string()
      if (dataHead + bytes.length !== payload.length) throw new ProtocolError('data of a wrong length')
      return link.takeData(bytes)
    }
    return this.#takeOther(number, new Reader(payload, 1), payload)
  }

  /** Opens a channel. */
  async start(kind: string, more?: Uint8Array): Promise<ChannelLink> {
    this.#mustGoOn()
    if (this.#links.size >= this.#host.most) throw new NetworkError('failed', 'too many channels at once')
    const link = this.#make()
    const outcome = new Promise<Error | undefined>((resolve) => this.#opening.set(link.id, resolve))
    this.#transport.send(formatOpen(kind, link.terms, more))
    const trouble = await outcome
    if (trouble === undefined) return link
    this.#links.delete(link.id)
    throw trouble
  }

  /** Asks the other side for something that belongs to no channel; undefined: it does not do that. */
  ask(name: string, more: Uint8Array): Promise<Reader | undefined> {
    const wish = new Writer(256).byte(message.globalRequest).string(name).boolean(true).raw(more).done()
    if (this.#transport.ended !== undefined) return Promise.resolve(undefined)
    this.#transport.send(wish)
    return new Promise((resolve) => this.#asked.push(resolve))
  }

  /** Tells the other side something that belongs to no channel. */
  tell(name: string, more: Uint8Array): void {
    this.#transport.send(
      new Writer(256).byte(message.globalRequest).string(name).boolean(false).raw(more).done(),
    )
  }

  /** There is room to send again. */
  pump(): void {
    for (const link of this.#links.values()) link.pump()
  }

  /** The connection is over. */
  fail(reason: Error): void {
    const failure =
      reason instanceof NetworkError ? reason : new NetworkError('closed', reason.message, { cause: reason })
    for (const link of this.#links.values()) link.fail(failure)
    for (const tell of this.#opening.values()) tell(failure)
    for (const answer of this.#asked.splice(0)) answer(undefined)
    const all = [...this.#links.values()]
    this.#links.clear()
    for (const link of all) this.#host.closed(link)
  }

  #takeOther(number: number, reader: Reader, payload: Uint8Array): void | Promise<void> {
    switch (number) {
      case message.globalRequest:
        return this.#takeGlobal(reader)
      case message.requestSuccess:
        return this.#takeGlobalAnswer(reader)
      case message.requestFailure:
        // phpseclib says no to each request, also to those that want no answer, as our host keys' announcement.
        return this.#asked.length > 0 ? this.#takeGlobalAnswer(undefined) : undefined
      case message.channelOpen:
        return this.#takeOpen(parseOpen(payload))
      case message.channelOpenConfirmation:
        return this.#takeOpened(reader)
      case message.channelOpenFailure:
        return this.#takeRefused(reader)
      case message.channelWindowAdjust:
        return this.#link(reader.uint32()).takeWindow(reader.uint32())
      case message.channelExtendedData: {
        const link = this.#link(reader.uint32())
        reader.uint32() // what kind: there is none but stderr
        return link.takeExtended(reader.string())
      }
      case message.channelEof:
        return this.#link(reader.uint32()).takeEof()
      case message.channelClose:
        return this.#link(reader.uint32()).takeClose()
      case message.channelRequest:
        return this.#takeRequest(reader)
      case message.channelSuccess:
        return this.#link(reader.uint32()).takeAnswer(true)
      case message.channelFailure:
        return this.#link(reader.uint32()).takeAnswer(false)
      default:
        throw new ProtocolError(`message ${number} is not allowed now`)
    }
  }

  #takeOpen(wish: OpenWish): void {
    const answer =
      this.#links.size + this.#undecided >= this.#host.most
        ? { reason: openFailure.resourceShortage, text: 'too many channels at once' }
        : this.#host.open(wish)
    if (!(answer instanceof Promise)) this.#answer(wish, answer)
    // Others go on meanwhile: a connection that is made for a client may take long.
    else void this.#answerLater(wish, answer)
  }

  async #answerLater(wish: OpenWish, answer: Promise<OpenAnswer>): Promise<void> {
    this.#undecided += 1
    try {
      this.#answer(wish, await answer)
    } catch (thrown) {
      this.#transport.end(asError(thrown))
    } finally {
      this.#undecided -= 1
    }
  }

  #answer(wish: OpenWish, answer: OpenAnswer): void {
    if (this.#transport.ended !== undefined) return
    if ('reason' in answer) {
      this.#transport.send(formatOpenFailure(wish.terms.id, answer.reason, answer.text))
      return
    }
    const link = this.#make()
    link.opened(wish.terms)
    this.#transport.send(formatConfirmation(wish.terms.id, link.terms))
    answer.opened(link)
  }

  #takeOpened(reader: Reader): void {
    const id = reader.uint32()
    const tell = this.#opening.get(id)
    const link = this.#links.get(id)
    if (tell === undefined || link === undefined) throw new ProtocolError('a channel that was not asked for')
    this.#opening.delete(id)
    link.opened(parseTerms(reader))
    tell(undefined)
  }

  #takeRefused(reader: Reader): void {
    const id = reader.uint32()
    const tell = this.#opening.get(id)
    if (tell === undefined) throw new ProtocolError('a channel that was not asked for')
    this.#opening.delete(id)
    const { reason, text } = parseOpenFailure(reader)
    const facts = { code: reason, reply: text, connectionUsable: true }
    tell(
      new NetworkError('refused', `the server opens no such channel: ${text || `reason ${reason}`}`, {
        facts,
      }),
    )
  }

  #takeRequest(reader: Reader): void {
    const link = this.#link(reader.uint32())
    const name = reader.text()
    const wantsReply = reader.boolean()
    const answer = this.#host.request(link, name, reader, wantsReply)
    if (wantsReply && answer !== undefined) link.answer(answer)
  }

  async #takeGlobal(reader: Reader): Promise<void> {
    const name = reader.text()
    const wantsReply = reader.boolean()
    const answer = await this.#host.global(name, reader)
    if (!wantsReply) return
    this.#transport.send(
      answer === undefined
        ? Uint8Array.of(message.requestFailure)
        : new Writer(answer.length + 1).byte(message.requestSuccess).raw(answer).done(),
    )
  }

  #takeGlobalAnswer(answer: Reader | undefined): void {
    const tell = this.#asked.shift()
    if (tell === undefined) throw new ProtocolError('an answer to nothing')
    tell(answer)
  }

  #mustGoOn(): void {
    const { ended } = this.#transport
    if (ended !== undefined) throw new NetworkError('closed', ended.message, { cause: ended })
  }

  #make(): ChannelLink {
    let id = 0
    while (this.#links.has(id)) id += 1
    const link = new ChannelLink({
      transport: this.#transport,
      local: this.#ends.local,
      remote: this.#ends.remote,
      id,
      gone: (link) => {
        this.#links.delete(link.id)
        this.#host.closed(link)
      },
    })
    this.#links.set(id, link)
    return link
  }

  #link(id: number): ChannelLink {
    const link = this.#links.get(id)
    if (link === undefined || !link.isOpen) throw new ProtocolError(`there is no channel ${id}`)
    return link
  }
}
