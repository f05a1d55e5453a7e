import { systemClock } from '../core/clock.ts'
import type { Conn, Network, Port } from '../core/network.ts'
import type { ChannelLink } from '../ssh/channel-link.ts'
import { Channels, type ChannelHost } from '../ssh/channels.ts'
import { usualAlgorithms } from '../ssh/offer.ts'
import { signerOf } from '../ssh/private-key.ts'
import { Transport, type Layer } from '../ssh/transport.ts'
import type { OpenWish } from '../ssh/wire/channel-messages.ts'
import { message, openFailure } from '../ssh/wire/message.ts'
import type { Reader } from '../ssh/wire/reader.ts'
import { Writer } from '../ssh/wire/writer.ts'
import { freshKey } from './ssh-world.ts'

const hostKeys = new Map([['ssh-ed25519', signerOf(freshKey())]])

/** The far side of a tunnel: lets everybody in, listens on its network for whoever asks, and connects from there. */
export class ForwardingSsh implements Layer, ChannelHost {
  readonly most = 1000
  /** Ports that it does not listen on. */
  refuses = new Set<number>()
  /** Where it listens. */
  address = '0.0.0.0'
  readonly channels: Channels
  /** Resolves with the reason when the connection is over. */
  readonly over: Promise<Error>
  readonly ports = new Map<number, Port>()
  readonly #network: Network
  readonly #transport: Transport

  /** `conn`: from the client. `network`: where it listens, and connects. */
  constructor(conn: Conn, network: Network) {
    this.#network = network
    this.#transport = new Transport({
      conn,
      clock: systemClock,
      version: 'SSH-2.0-Far_1',
      side: { role: 'server', hostKeys },
      hostKeyAlgorithms: [...hostKeys.keys()],
      algorithms: usualAlgorithms,
      layer: this,
    })
    this.channels = new Channels(this.#transport, conn, this)
    this.over = this.#run()
  }

  /** Cuts the connection, as a lost link does. */
  cut(): void {
    this.#transport.end(new Error('cut'))
  }

  secured(): void {
    this.#transport.state = 'service'
  }

  take(number: number, payload: Uint8Array): void | Promise<void> {
    if (number >= message.globalRequest) return this.channels.take(number, payload)
    if (number === message.serviceRequest) {
      this.#transport.state = 'login'
      this.#transport.send(new Writer().byte(message.serviceAccept).string('ssh-userauth').done())
    } else if (number === message.authRequest) {
      this.#transport.send(Uint8Array.of(message.authSuccess))
      this.#transport.state = 'running'
    }
    return undefined
  }

  room(): void {
    this.channels.pump()
  }

  open({ kind, more }: OpenWish): ReturnType<ChannelHost['open']> {
    if (kind !== 'direct-tcpip') return { reason: openFailure.unknownType, text: 'only direct-tcpip' }
    const host = more.text()
    const to = { host: host === 'localhost' ? '127.0.0.1' : host, port: more.uint32() }
    return {
      opened: (link) => {
        void this.#network.connect({ ...to, timeoutMs: 1000 }).then(
          (conn) => both(link, conn),
          () => link.destroy(),
        )
      },
    }
  }

  request(): boolean {
    return false
  }

  async global(name: string, more: Reader): Promise<Uint8Array | undefined> {
    if (name !== 'tcpip-forward' && name !== 'cancel-tcpip-forward') return undefined
    const host = more.text()
    const port = more.uint32()
    if (name === 'tcpip-forward') return this.#listen(host, port)
    const open = this.ports.get(port)
    this.ports.delete(port)
    await open?.close()
    return open === undefined ? undefined : new Uint8Array(0)
  }

  closed(): void {
    // Its connection sees it by itself.
  }

  async #listen(host: string, wanted: number): Promise<Uint8Array | undefined> {
    if (this.refuses.has(wanted)) return undefined
    try {
      const port = await this.#network.listen(
        { host: host === '' || host === '0.0.0.0' ? this.address : host, port: wanted },
        (conn) => {
          void this.forward(conn, host, port.local.port)
        },
      )
      this.ports.set(port.local.port, port)
      return wanted === 0 ? new Writer(4).uint32(port.local.port).done() : new Uint8Array(0)
    } catch {
      return undefined
    }
  }

  /** Hands a connection to the client, as one that came to a port. */
  async forward(conn: Conn, host: string, port: number): Promise<void> {
    const { address, port: from } = conn.remote
    const more = new Writer().string(host).uint32(port).string(address).uint32(from).done()
    try {
      await both(await this.channels.start('forwarded-tcpip', more), conn)
    } catch {
      conn.destroy()
    }
  }

  async #run(): Promise<Error> {
    const reason = await this.#transport.run()
    this.channels.fail(new Error('the connection is over', { cause: reason }))
    for (const port of this.ports.values()) await port.close()
    return reason
  }
}

/** A listener for SSH that is such a far side; `came` is told of each. */
export function forwardingSsh(
  network: Network,
  port: number,
  came: (far: ForwardingSsh) => void,
): Promise<Port> {
  return network.listen({ host: '0.0.0.0', port }, (conn) => came(new ForwardingSsh(conn, network)))
}

/** What each says goes to the other. As with sshd, a reset is told to the channel as an end. */
async function both(link: ChannelLink, conn: Conn): Promise<void> {
  await Promise.allSettled([pass(link, conn), pass(conn, link)])
  link.destroy()
  conn.destroy()
}

async function pass(from: Conn, to: Conn): Promise<void> {
  try {
    for (let read = await from.read(); read !== undefined; read = await from.read())
      for (const piece of read) await to.write(piece)
  } finally {
    await to.end()
  }
}
