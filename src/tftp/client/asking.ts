import { familyOf, sameAddress } from '../../core/address.ts'
import type { Timer } from '../../core/clock.ts'
import { NetworkError } from '../../core/error.ts'
import type { Datagrams, Peer } from '../../core/network.ts'
import type { Link } from '../link.ts'
import type { Terms } from '../options.ts'
import { encodePacket, type ErrorPacket, type Packet, type Request } from '../packet.ts'
import { decodeReply } from '../reply.ts'
import { agree, plainTerms } from './agree.ts'
import { noAnswer, noListener } from './faults.ts'
import type { ClientHouse } from './house.ts'

/** What a server answered first, and the way to go on with it. */
export interface Answer {
  readonly packet: Exclude<Packet, Request | ErrorPacket>
  readonly terms: Terms
  /** Whether it came only when nothing but the file was asked for. */
  readonly plainly: boolean
  readonly link: Link
  /** Whom to tell of each packet that comes from here on. */
  hear(take: (packet: Packet) => void): void
}

/** The server answered with ERROR. */
export interface Refused {
  readonly refused: ErrorPacket
}

/** So many requests without an answer, and it is looked whether anybody listens at all: many devices are slow, or start just now. */
const triesUnheard = 2

const firstWaitMs = 1000
const longestWaitMs = 8000

/** So often the request goes with its options; a server that is older than they are may be silent about them. */
const triesWithOptions = 3

/** One request, said until somebody answers it: whoever does first, from whichever port, is the peer (RFC 1350 §4). */
export class Asking {
  readonly #house: ClientHouse
  readonly #request: Request
  readonly #answered = Promise.withResolvers<Answer | Refused>()
  #place: Datagrams | undefined
  #knocking: Promise<Datagrams> | undefined
  #timer: Timer | undefined
  #tries = 0
  #waited = 0
  #peer: Peer | undefined
  #take: ((packet: Packet) => void) | undefined

  constructor(house: ClientHouse, request: Request) {
    this.#house = house
    this.#request = request
  }

  async run(signal: AbortSignal | undefined): Promise<Answer | Refused> {
    const { network, server } = this.#house
    const host = familyOf(server.address) === 6 ? '::' : '0.0.0.0'
    this.#place = await network.datagrams({ host, port: 0 }, (bytes, from) => this.#heard(bytes, from))
    const stop = (): void => this.#answered.reject(new NetworkError('aborted', 'stopped'))
    if (signal?.aborted === true) stop()
    signal?.addEventListener('abort', stop, { once: true })
    this.#ask()
    try {
      const answer = await this.#answered.promise
      if ('refused' in answer) await this.#place.close()
      return answer
    } catch (thrown) {
      await this.#place.close()
      throw thrown
    } finally {
      this.#timer?.cancel()
      await this.#knocking?.then(
        (knocker) => knocker.close(),
        () => undefined, // there is no second socket to be had: then nobody tells
      )
      signal?.removeEventListener('abort', stop)
    }
  }

  #ask(): void {
    const { clock, server, silenceMs, host, say } = this.#house
    const { deed, name, mode } = this.#request
    if (this.#waited >= silenceMs) {
      this.#answered.reject(noAnswer(host, server.port, Math.round(this.#waited / 1000)))
      return
    }
    const options = this.#tries < triesWithOptions ? this.#request.options : []
    const words = options.map((option) => ` ${option.name}=${option.value}`).join('')
    say('client', `${deed === 'read' ? 'RRQ' : 'WRQ'} ${name} ${mode}${words}`)
    this.#place?.send(encodePacket({ ...this.#request, options }), server)
    const wait = Math.min(firstWaitMs * 2 ** this.#tries, longestWaitMs, silenceMs - this.#waited)
    if (this.#tries === triesUnheard) this.#knock()
    this.#tries += 1
    this.#timer = clock.after(wait, () => {
      this.#waited += wait
      this.#ask()
    })
  }

  /** The system tells only a socket that speaks to one port alone that nobody listens there (ICMP): answers come from another. */
  #knock(): void {
    const { network, server, host: name } = this.#house
    const host = familyOf(server.address) === 6 ? '::' : '0.0.0.0'
    const refused = (): void => {
      if (this.#peer !== undefined) return
      this.#answered.reject(noListener(name, server.port))
    }
    this.#knocking = network.datagrams({ host, port: 0, peer: server, refused }, () => undefined)
    this.#knocking.then(
      (knocker) => knocker.send(encodePacket({ kind: 'error', code: 0, text: '' }), server),
      () => undefined,
    )
  }

  #heard(bytes: Uint8Array, from: Peer): void {
    if (!sameAddress(from.address, this.#house.server.address)) return
    const packet = decodeReply(bytes)
    if (packet === undefined) return
    if (this.#peer === undefined) this.#first(packet, from)
    else if (from.port === this.#peer.port) this.#take?.(packet)
    else if (packet.kind !== 'error') this.#refuseStranger(from)
  }

  #first(packet: Packet, from: Peer): void {
    const { say } = this.#house
    switch (packet.kind) {
      case 'error':
        say('server', `ERROR ${packet.code} ${packet.text}`)
        this.#peer = from
        this.#answered.resolve({ refused: packet })
        return
      case 'oack': {
        say('server', `OACK${packet.options.map(({ name, value }) => ` ${name}=${value}`).join('')}`)
        const terms = agree(this.#request.options, packet.options)
        if (terms === undefined) this.#refuseOptions(from)
        else this.#begin(packet, from, terms)
        return
      }
      case 'data':
        if (this.#request.deed === 'read' && packet.block === 1) this.#begin(packet, from, plainTerms)
        return
      case 'ack':
        if (this.#request.deed === 'write' && packet.block === 0) this.#begin(packet, from, plainTerms)
        return
      case 'request':
        return
    }
  }

  #begin(packet: Answer['packet'], from: Peer, terms: Terms): void {
    const place = this.#place
    if (place === undefined) return
    this.#timer?.cancel()
    this.#peer = from
    this.#answered.resolve({
      packet,
      terms,
      plainly: packet.kind !== 'oack' && this.#tries > triesWithOptions && this.#request.options.length > 0,
      link: { send: (bytes) => place.send(bytes, from), close: () => place.close() },
      hear: (take) => (this.#take = take),
    })
  }

  /** RFC 2347: an OACK that says what was not asked ends with error 8. */
  #refuseOptions(from: Peer): void {
    const refused = { kind: 'error', code: 8, text: 'not what was asked for' } as const
    this.#place?.send(encodePacket(refused), from)
    this.#peer = from
    this.#answered.resolve({ refused })
  }

  /** A request that was said twice can begin two transfers: the second one is ended, and the first goes on. */
  #refuseStranger(from: Peer): void {
    this.#place?.send(encodePacket({ kind: 'error', code: 5, text: 'not you' }), from)
  }
}
