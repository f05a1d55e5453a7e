import { NetworkError } from '../core/error.ts'
import type { DatagramOptions, Datagrams, Peer, ReceiveDatagram } from '../core/network.ts'
import { datagrams, type UdpPlace } from './udp.ts'

/** Where nearly all comes from and goes to. */
type MostlyWith = Pick<DatagramOptions, 'host'> & { readonly mostlyWith: Peer }

/** From so many datagrams on a second socket is worth while. */
const worthWhile = 32

const mostTries = 8

/**
 * Opens a UDP port that nearly always speaks to one peer. To a socket that is connected to it the system hands its datagrams
 * with no look-up of the way, a quarter of what a block of TFTP takes; it hands strangers' to another one at the same
 * port, as Linux prefers the connected one and both allow to share.
 */
export async function datagramsMostlyWith(
  { host, mostlyWith }: MostlyWith,
  receive: ReceiveDatagram,
): Promise<Datagrams> {
  for (let tries = 1; ; tries += 1) {
    const place: FavouringPlace = new FavouringPlace(host, mostlyWith, receive)
    try {
      await place.open()
      return place
    } catch (thrown) {
      const isTaken = thrown instanceof NetworkError && thrown.fault === 'in-use'
      if (!isTaken || tries >= mostTries) throw thrown
    }
  }
}

class FavouringPlace implements Datagrams {
  readonly #host: string
  readonly #peer: Peer
  readonly #receive: ReceiveDatagram
  #own: UdpPlace | undefined
  /** For strangers, once our own is connected. */
  #others: UdpPlace | undefined
  #heard = 0
  #closed = false

  constructor(host: string, peer: Peer, receive: ReceiveDatagram) {
    this.#host = host
    this.#peer = peer
    this.#receive = receive
  }

  get local(): Peer {
    return this.#own?.local ?? { address: this.#host, port: 0 }
  }

  async open(): Promise<void> {
    // Who asks for a free port and allows to share may be given one that another transfer shares.
    const alone = await datagrams({ host: this.#host, port: 0 }, () => undefined)
    void alone.close()
    this.#own = await this.#shared(alone.local.port, (bytes, from) => this.#take(bytes, from))
  }

  send(bytes: Uint8Array, to: Peer): void {
    const isPeer = to === this.#peer || (to.port === this.#peer.port && to.address === this.#peer.address)
    const place = isPeer ? this.#own : (this.#others ?? this.#own)
    place?.send(bytes, to)
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([this.#own?.close(), this.#others?.close()])
  }

  #take(bytes: Uint8Array, from: Peer): void {
    this.#heard += 1
    if (this.#heard === worthWhile) void this.#settle()
    this.#receive(bytes, from)
  }

  /** Where that cannot be, everything stays with the one socket. */
  async #settle(): Promise<void> {
    try {
      const others = await this.#shared(this.local.port, this.#receive)
      if (this.#closed) return await others.close()
      this.#others = others
      await this.#own?.settle(this.#peer)
    } catch (thrown) {
      if (!(thrown instanceof NetworkError)) throw thrown
    }
  }

  #shared(port: number, receive: ReceiveDatagram): Promise<UdpPlace> {
    return datagrams({ host: this.#host, port, sharedPort: true }, receive)
  }
}
