import { accountsByNetwork } from '../accounts/by-network.ts'
import { memoryAccounts } from '../accounts/memory.ts'
import type { Account } from '../core/account.ts'
import type { ServerEvent } from '../core/event.ts'
import type { Datagrams, Peer } from '../core/network.ts'
import { parsePath } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { memoryNetwork } from '../net/memory.ts'
import { serve, type Server } from '../server/serve.ts'
import { memoryStore } from '../stores/memory.ts'
import { decodePacket, encodePacket, type Option, type Packet } from '../tftp/packet.ts'
import type { TftpSettings } from '../tftp/server/settings.ts'
import { FakeClock, settle } from './fake-clock.ts'
import { loginOf } from './login-of.ts'
import { recordedEvents } from './recorded-events.ts'

/** A TFTP server over memory, with a clock that is turned by hand. */
export class TftpWorld implements AsyncDisposable {
  readonly clock = new FakeClock()
  readonly home: Store = memoryStore({ clock: this.clock })
  /** Those of the machine; they may change. */
  readonly addresses = ['192.0.2.1', '2001:db8::1']
  readonly network = memoryNetwork({ addresses: this.addresses })
  readonly #events = recordedEvents()
  #server: Server | undefined

  get server(): Server {
    if (this.#server === undefined) throw new Error('the world is not open')
    return this.#server
  }

  async open(settings: Partial<TftpSettings>, more: Partial<Account>): Promise<void> {
    const { account } = loginOf({ name: 'tftp', home: this.home, ...more })
    this.#server = await serve({
      accounts: accountsByNetwork(
        [
          { network: '192.0.2.0/24', account },
          { network: '2001:db8::/32', account },
        ],
        memoryAccounts([]),
      ),
      ftp: 'off',
      tftp: { port: 69, ...settings },
      events: this.#events,
      network: this.network,
      clock: this.clock,
    })
  }

  /** A client with a port of its own. */
  async client(address = '192.0.2.50', port = 0): Promise<TftpTalk> {
    return TftpTalk.open(this, { address, port })
  }

  async put(path: string, bytes: Uint8Array): Promise<void> {
    const file = await this.home.open(parsePath(path), { write: true, create: 'allow', truncate: true })
    await file.write([bytes], 0)
    await file.close()
  }

  /** What a file holds; undefined: there is none. */
  async get(path: string): Promise<Buffer | undefined> {
    try {
      const file = await this.home.open(parsePath(path), { read: true })
      const bytes = Buffer.alloc((await file.stat()).size)
      await file.read(bytes, 0)
      await file.close()
      return bytes
    } catch {
      return undefined
    }
  }

  told<Kind extends ServerEvent['kind']>(kind: Kind): Extract<ServerEvent, { kind: Kind }>[] {
    return this.#events.of(kind)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close()
    await settle()
    const bugs = this.told('bug')
    if (bugs.length > 0) throw new Error(`the server had a bug: ${bugs[0]?.text}`)
  }
}

/** Opens a world. */
export async function tftpWorld(
  settings: Partial<TftpSettings> = {},
  account: Partial<Account> = {},
): Promise<TftpWorld> {
  const world = new TftpWorld()
  await world.open(settings, account)
  return world
}

/** What a client heard: the packet, and from where. */
export interface Heard {
  readonly packet: Packet
  readonly from: Peer
  readonly size: number
}

/** One client, packet by packet. */
export class TftpTalk {
  readonly #heard: Heard[] = []
  readonly #server: string
  #place: Datagrams | undefined
  /** Where the last packet came from: the server's TID. */
  #tid: Peer | undefined

  private constructor(server: string) {
    this.#server = server
  }

  static async open({ network }: TftpWorld, at: Peer): Promise<TftpTalk> {
    const talk = new TftpTalk(at.address.includes(':') ? '2001:db8::1' : '192.0.2.1')
    talk.#place = await network.datagrams({ host: at.address, port: at.port }, (bytes, from) => {
      talk.#tid = from
      talk.#heard.push({ packet: decodePacket(bytes), from, size: bytes.length })
    })
    return talk
  }

  /** Sends bytes to port 69, and hears what comes. */
  async sayRaw(bytes: Uint8Array): Promise<readonly Heard[]> {
    this.#place?.send(bytes, { address: this.#server, port: 69 })
    return this.heard()
  }

  /** Sends bytes to who spoke last. */
  async sendRaw(bytes: Uint8Array): Promise<readonly Heard[]> {
    if (this.#tid !== undefined) this.#place?.send(bytes, this.#tid)
    return this.heard()
  }

  async ask(
    deed: 'read' | 'write',
    name: string,
    options: Readonly<Record<string, string>> = {},
    mode = 'octet',
  ): Promise<readonly Heard[]> {
    const list: Option[] = Object.entries(options).map(([name, value]) => ({ name, value }))
    return this.sayRaw(encodePacket({ kind: 'request', deed, name, mode, options: list }))
  }

  /** Says a packet to who spoke last, and hears what comes. */
  async say(packet: Packet, to = this.#tid): Promise<readonly Heard[]> {
    if (to === undefined) throw new Error('nobody has spoken yet')
    this.#place?.send(encodePacket(packet), to)
    return this.heard()
  }

  ack(block: number): Promise<readonly Heard[]> {
    return this.say({ kind: 'ack', block })
  }

  /** All that has come since the last time. */
  async heard(): Promise<readonly Heard[]> {
    await settle()
    return this.#heard.splice(0)
  }
}
