import type { Timer } from '../../core/clock.ts'
import { familyOf } from '../../core/address.ts'
import { NetworkError } from '../../core/error.ts'
import type { Datagrams, Peer } from '../../core/network.ts'
import type { TftpHouse } from './house.ts'

/** Where to listen: one address, or every one of the machine. */
export interface TftpListen {
  readonly host: string | undefined
  readonly port: number
  /** As `ListenOptions.share`. */
  readonly share?: boolean
}

type Take = (listener: Datagrams, bytes: Uint8Array, peer: Peer) => void

/** How often the machine's addresses are looked through for new ones. */
const rescanMs = 10_000

const mostTries = 5

/**
 * The sockets that requests come to: one for each address of the machine, because the system does not tell which address
 * a datagram was sent to, and the answer must leave from that one. Broadcasts do not come to such sockets, and are not
 * to be answered anyway (RFC 1123 §4.2.3.5).
 */
export class Listeners {
  readonly #house: TftpHouse
  readonly #take: Take
  readonly #open = new Map<string, Datagrams>()
  #port = 0
  #host: string | undefined
  #share = false
  #rescan: Timer | undefined
  #closed = false

  constructor(house: TftpHouse, take: Take) {
    this.#house = house
    this.#take = take
  }

  get local(): Peer {
    const [first] = this.#open.values()
    return {
      address: this.#host ?? (this.#hasIpv6() ? '::' : '0.0.0.0'),
      port: first?.local.port ?? this.#port,
    }
  }

  async open({ host, port, share = false }: TftpListen): Promise<void> {
    this.#share = share
    this.#host = host
    this.#port = port
    if (host !== undefined) {
      await this.#listen(host)
      return
    }
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#listenOnAll()
        break
      } catch (thrown) {
        await this.#closeAll()
        this.#port = port
        // A free port of one address may be taken at another.
        if (!isFault(thrown, 'in-use') || port !== 0 || tries >= mostTries) throw thrown
      }
    }
    this.#rescanLater()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#rescan?.cancel()
    await this.#closeAll()
  }

  async #listenOnAll(): Promise<void> {
    for (const address of this.#house.network.addresses()) {
      if (this.#open.has(address)) continue
      try {
        await this.#listen(address)
      } catch (thrown) {
        // An address that is just going, or not quite there yet: the next look finds it.
        if (!isFault(thrown, 'no-such-address')) throw thrown
      }
    }
  }

  async #listen(address: string): Promise<void> {
    const { network } = this.#house
    const listener: Datagrams = await network.datagrams(
      { host: address, port: this.#port, share: this.#share },
      (bytes, peer) => this.#take(listener, bytes, peer),
    )
    this.#port = listener.local.port
    if (this.#closed) await listener.close()
    else this.#open.set(address, listener)
  }

  #rescanLater(): void {
    this.#rescan = this.#house.clock.after(rescanMs, () => void this.#lookAgain())
  }

  async #lookAgain(): Promise<void> {
    const there = new Set(this.#house.network.addresses())
    for (const [address, listener] of this.#open) {
      if (there.has(address)) continue
      this.#open.delete(address)
      await listener.close()
    }
    try {
      await this.#listenOnAll()
    } catch (thrown) {
      const text = `TFTP cannot listen on a new address: ${Error.isError(thrown) ? thrown.message : ''}`
      this.#house.events.emit({ kind: 'warning', protocol: 'tftp', text })
    }
    if (!this.#closed) this.#rescanLater()
  }

  async #closeAll(): Promise<void> {
    for (const listener of this.#open.values()) await listener.close()
    this.#open.clear()
  }

  #hasIpv6(): boolean {
    return [...this.#open.keys()].some((address) => familyOf(address) === 6)
  }
}

function isFault(thrown: unknown, fault: NetworkError['fault']): boolean {
  return thrown instanceof NetworkError && thrown.fault === fault
}
