import { canonicalAddress, familyOf } from '../../core/address.ts'
import { NetworkError } from '../../core/error.ts'
import type { Peer } from '../../core/network.ts'
import type { Channel } from '../channel.ts'
import type { ChannelHost, Channels } from '../channels.ts'
import { openFailure } from '../wire/message.ts'
import type { OpenWish } from '../wire/channel-messages.ts'
import { Writer } from '../wire/writer.ts'

/** Takes a connection that came to a port of the server's, and who made it. Must not throw. */
export type AcceptForwarded = (channel: Channel, from: Peer) => void

/** A port of the server's that listens for us. */
export interface ForwardedPort {
  readonly port: number
  /** Asks the server to listen there no longer. */
  close(): Promise<void>
}

interface Listening {
  readonly host: string
  readonly accept: AcceptForwarded
}

/** The ports at which the server listens for its client (RFC 4254 §7.1, §7.2). */
export class Forwards {
  readonly #channels: Channels
  readonly #listening = new Map<string, Listening>()

  constructor(channels: Channels) {
    this.#channels = channels
  }

  async listen(host: string, wanted: number, accept: AcceptForwarded): Promise<ForwardedPort> {
    const key = keyOf(host, wanted)
    if (this.#listening.has(key)) throw new NetworkError('in-use', `port ${wanted} is taken already`)
    const mine: Listening = { host, accept }
    // Known beforehand where it can be: the first connection may come right behind the answer.
    if (wanted !== 0) this.#listening.set(key, mine)
    const answer = await this.#channels.ask('tcpip-forward', addressOf(host, wanted))
    if (answer === undefined) {
      if (wanted !== 0) this.#listening.delete(key)
      throw new NetworkError('refused', `the server does not listen on port ${wanted} for us`, {
        facts: { phase: 'command', connectionUsable: true },
      })
    }
    // RFC 4254 §7.1: the port is named only where any was asked for.
    const port = wanted === 0 ? answer.uint32() : wanted
    this.#listening.set(keyOf(host, port), mine)
    return { port, close: () => this.#close(port, mine) }
  }

  /** A channel that the server wants to open: only for a port that was asked for. */
  open({ kind, more }: OpenWish): ReturnType<ChannelHost['open']> {
    if (kind !== 'forwarded-tcpip' || this.#listening.size === 0) return refused
    const host = more.text()
    const port = more.uint32()
    // With OpenSSH the address is the one that was asked for. With others it is the machine's own, and the port tells enough.
    const mine = this.#listening.get(keyOf(host, port)) ?? this.#at(port)
    const address = canonicalAddress(more.text())
    const from = { address, port: more.uint32() }
    if (mine === undefined) return refused
    if (familyOf(address) === undefined)
      return { reason: openFailure.connectFailed, text: 'from where it comes is not said' }
    return {
      opened: (link) => {
        link.endsMatter = true
        mine.accept(link, from)
      },
    }
  }

  #at(port: number): Listening | undefined {
    for (const [key, mine] of this.#listening) if (key.endsWith(` ${port}`)) return mine
    return undefined
  }

  async #close(port: number, mine: Listening): Promise<void> {
    const key = keyOf(mine.host, port)
    if (this.#listening.get(key) !== mine) return
    this.#listening.delete(key)
    // One that says no has no such port any more.
    await this.#channels.ask('cancel-tcpip-forward', addressOf(mine.host, port))
  }
}

const refused = { reason: openFailure.administrativelyProhibited, text: 'not allowed here' }

function keyOf(host: string, port: number): string {
  return `${host} ${port}`
}

function addressOf(host: string, port: number): Uint8Array {
  return new Writer(64).string(host).uint32(port).done()
}
