import { FileError, NetworkError, ProtocolError } from '../../core/error.ts'
import type { Datagrams, Peer } from '../../core/network.ts'
import { decodePacket, type Request } from '../packet.ts'
import { errorPacket } from './answer.ts'
import { Exchange } from './exchange.ts'
import type { TftpHouse } from './house.ts'

interface Running {
  readonly exchange: Exchange
  readonly request: Uint8Array
}

/** From a peer that was heard of so lately, its request once more is an echo; later it is a device that began anew. */
const echoMs = 1000

/** Takes what comes to the port that is listened on, and hands each request to an exchange of its own. */
export class Reception {
  readonly #house: TftpHouse
  readonly #running = new Map<string, Running>()
  readonly #all = new Set<Exchange>()
  readonly #perAddress = new Map<string, number>()
  #closed = false
  #emptied: (() => void) | undefined

  constructor(house: TftpHouse) {
    this.#house = house
  }

  get exchanges(): number {
    return this.#all.size
  }

  /** A datagram came. */
  take(listener: Datagrams, bytes: Uint8Array, peer: Peer): void {
    if (peer.port === 0) return
    const key = `${peer.address} ${peer.port} ${listener.local.address}`
    const running = this.#running.get(key)
    const code = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)
    // Transfers with ports of their own have nothing to do here; what comes late or astray is not answered.
    if (code >= 3 && code <= 6) {
      if (this.#house.settings.ports === 'single') running?.exchange.take(bytes)
      return
    }
    if (this.#closed) return
    if (running !== undefined && !this.#replaces(running, bytes)) return
    const request = this.#read(listener, bytes, peer)
    if (request === undefined) return
    running?.exchange.end(new NetworkError('aborted', 'the client asked anew'))
    this.#begin(key, { listener, peer, request, bytes })
  }

  /** Takes no more requests, and resolves when no transfer is under way any more. */
  async drain(): Promise<void> {
    this.#closed = true
    for (const exchange of this.#all) if (exchange.lingering) exchange.end(stopped())
    if (this.#all.size > 0) await new Promise<void>((resolve) => (this.#emptied = resolve))
  }

  /** Ends all. */
  close(): void {
    this.#closed = true
    for (const exchange of this.#all) exchange.end(stopped())
  }

  /** Whether a request of a peer that has a transfer begins a new one. */
  #replaces({ exchange, request }: Running, bytes: Uint8Array): boolean {
    if (exchange.lingering || Buffer.compare(request, bytes) !== 0) return true
    const { heardAt } = exchange
    if (heardAt !== undefined) return this.#house.clock.ticks() - heardAt > echoMs
    exchange.askedAgain()
    return false
  }

  #read(listener: Datagrams, bytes: Uint8Array, peer: Peer): Request | undefined {
    try {
      const packet = decodePacket(bytes)
      return packet.kind === 'request' ? packet : undefined
    } catch (thrown) {
      if (!(thrown instanceof ProtocolError)) throw thrown
      listener.send(errorPacket({ code: 4, text: thrown.message }, bytes.length), peer)
      return undefined
    }
  }

  #begin(key: string, from: { listener: Datagrams; peer: Peer; request: Request; bytes: Uint8Array }): void {
    const { listener, peer, request, bytes } = from
    const { transfers, transfersPerAddress } = this.#house.settings
    const here = this.#perAddress.get(peer.address) ?? 0
    if (this.#all.size >= transfers || here >= transfersPerAddress) {
      const reason = here >= transfersPerAddress ? 'too many transfers with it' : 'too many transfers'
      // Not answered: a boot ROM that hears nothing asks again, one that hears an error gives up.
      this.#house.events.emit({ kind: 'turned-away', protocol: 'tftp', peer, reason })
      return
    }
    const exchange = new Exchange({ house: this.#house, request, asked: bytes.length, listener, peer })
    this.#running.set(key, { exchange, request: bytes })
    this.#all.add(exchange)
    this.#perAddress.set(peer.address, here + 1)
    exchange.run().then(
      () => this.#leave(key, exchange),
      (thrown: unknown) => {
        this.#house.events.emit({ kind: 'bug', text: String(thrown) })
        this.#leave(key, exchange)
      },
    )
  }

  #leave(key: string, exchange: Exchange): void {
    if (this.#running.get(key)?.exchange === exchange) this.#running.delete(key)
    this.#all.delete(exchange)
    const { address } = exchange.peer
    const left = (this.#perAddress.get(address) ?? 1) - 1
    if (left > 0) this.#perAddress.set(address, left)
    else this.#perAddress.delete(address)
    if (this.#all.size === 0) this.#emptied?.()
  }
}

function stopped(): Error {
  return new FileError('aborted', 'the server is being stopped')
}
