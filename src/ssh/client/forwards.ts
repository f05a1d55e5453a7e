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
  readonly #listening = new Map<number, Listening>()

  constructor(channels: Channels) {
    this.#channels = channels
  }

  async listen(host: string, wanted: number, accept: AcceptForwarded): Promise<ForwardedPort> {
    if (this.#listening.has(wanted)) throw new NetworkError('in-use', `port ${wanted} is taken already`)
    const mine: Listening = { host, accept }
    // Known beforehand where it can be: the first connection may come right behind the answer.
    if (wanted !== 0) this.#listening.set(wanted, mine)
    const answer = await this.#channels.ask('tcpip-forward', addressOf(host, wanted))
    if (answer === undefined) {
      if (wanted !== 0) this.#listening.delete(wanted)
      throw new NetworkError('refused', `the server does not listen on port ${wanted} for us`, {
        facts: { phase: 'command', connectionUsable: true },
      })
    }
    // RFC 4254 §7.1: the port is named only where any was asked for.
    const port = wanted === 0 ? answer.uint32() : wanted
    this.#listening.set(port, mine)
    return { port, close: () => this.#close(port, mine) }
  }

  /** A channel that the server wants to open: only for a port that was asked for. */
  open({ kind, more }: OpenWish): ReturnType<ChannelHost['open']> {
    if (kind !== 'forwarded-tcpip' || this.#listening.size === 0) return refused
    // The address is the one that was asked for with OpenSSH and the machine's own with others: the port tells enough.
    more.string()
    const mine = this.#listening.get(more.uint32())
    const address = canonicalAddress(more.text())
    const from = { address, port: more.uint32() }
    if (mine === undefined) return refused
    if (familyOf(address) === undefined)
      return { reason: openFailure.connectFailed, text: 'from where it comes is not said' }
    return { opened: (link) => mine.accept(link, from) }
  }

  async #close(port: number, mine: Listening): Promise<void> {
    if (this.#listening.get(port) !== mine) return
    this.#listening.delete(port)
    // One that says no has no such port any more.
    await this.#channels.ask('cancel-tcpip-forward', addressOf(mine.host, port))
  }
}

const refused = { reason: openFailure.administrativelyProhibited, text: 'not allowed here' }

function addressOf(host: string, port: number): Uint8Array {
  return new Writer(64).string(host).uint32(port).done()
}
