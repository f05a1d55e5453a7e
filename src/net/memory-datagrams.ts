import { NetworkError } from '../core/error.ts'
import type { Datagrams, Peer, ReceiveDatagram } from '../core/network.ts'

/** What happens to a datagram on its way: `deliver` not called loses it, called twice doubles it, called late reorders. */
export type Carry = (bytes: Uint8Array, from: Peer, to: Peer, deliver: () => void) => void

/** Carries datagrams between places in memory. */
export class MemoryPost {
  readonly #places = new Map<string, ReceiveDatagram>()
  readonly #carry: Carry

  constructor(carry: Carry = (_bytes, _from, _to, deliver) => deliver()) {
    this.#carry = carry
  }

  get open(): number {
    return this.#places.size
  }

  at(local: Peer, receive: ReceiveDatagram): Datagrams {
    const key = keyOf(local)
    if (this.#places.has(key)) throw new NetworkError('in-use', 'the port is taken')
    this.#places.set(key, receive)
    return {
      local,
      // Not `slice`: of a Buffer it is no copy.
      send: (bytes, to) => this.#send(new Uint8Array(bytes), local, to),
      close: async () => {
        if (this.#places.get(key) === receive) this.#places.delete(key)
      },
    }
  }

  #send(bytes: Uint8Array, from: Peer, to: Peer): void {
    this.#carry(bytes, from, to, () => {
      // Never from inside `send`: a network does not call back before it has returned.
      queueMicrotask(() => this.#places.get(keyOf(to))?.(new Uint8Array(bytes), from))
    })
  }
}

function keyOf({ address, port }: Peer): string {
  return `${address} ${port}`
}
