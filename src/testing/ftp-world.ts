import { parsePath } from '../core/path.ts'
import type { ServerEvent } from '../core/event.ts'
import type { Conn } from '../core/network.ts'
import type { Store } from '../core/store.ts'
import type { FtpSettings } from '../ftp/server/settings.ts'
import { memoryAccounts, type MemoryAccount } from '../accounts/memory.ts'
import { memoryNetwork, type MemoryNetwork } from '../net/memory.ts'
import { serve, type Server } from '../server/serve.ts'
import { memoryStore } from '../stores/memory.ts'
import { FakeClock } from './fake-clock.ts'
import { FtpTalk, usualTls } from './ftp-talk.ts'
import { recordedEvents, type RecordedEvents } from './recorded-events.ts'

/** What a world for tests may differ in. */
export interface FtpWorldOptions {
  /** One of its own if none is given. */
  readonly clock?: FakeClock
  readonly settings?: Partial<FtpSettings> & { readonly implicitPort?: number }
  /** The accounts; `anna` with the password `secret` if none are named. */
  readonly accounts?: (home: Store) => readonly MemoryAccount[]
  readonly home?: Store
  /** How the network delivers what is written. */
  readonly chop?: 'whole' | 'bytes'
  /** Host names that can be looked up. */
  readonly hosts?: Readonly<Record<string, readonly string[]>>
  /** The address that clients connect to. */
  readonly address?: string
}

/** A server over memory, with a clock that is turned by hand: no socket, no disk, no waiting. */
export class FtpWorld implements AsyncDisposable {
  readonly clock: FakeClock
  readonly home: Store
  readonly network: MemoryNetwork
  readonly events: RecordedEvents
  readonly #server: Server
  readonly #address: string

  constructor(parts: {
    clock: FakeClock
    home: Store
    network: MemoryNetwork
    events: RecordedEvents
    server: Server
    address: string
  }) {
    this.clock = parts.clock
    this.home = parts.home
    this.network = parts.network
    this.events = parts.events
    this.#server = parts.server
    this.#address = parts.address
  }

  get server(): Server {
    return this.#server
  }

  /** A client that has heard the greeting. */
  async connect(from = '192.0.2.50'): Promise<FtpTalk> {
    const talk = new FtpTalk(this.network, await this.dial(from))
    const greeting = await talk.heard()
    if (!greeting.startsWith('220')) throw new Error(greeting)
    return talk
  }

  /** A bare control connection. */
  async dial(from = '192.0.2.50', at?: number): Promise<Conn> {
    const port = at ?? this.#server.listeners[0]?.port ?? 0
    return this.network.connect({ host: this.#address, port, localAddress: from, timeoutMs: 1000 })
  }

  /** A client at the port where TLS begins with the connection (990 in these worlds). */
  async implicit(from?: string): Promise<FtpTalk> {
    const talk = new FtpTalk(this.network, await this.dial(from, 990))
    await talk.begin({}, false)
    talk.data = { ...usualTls, protocols: ['ftp-data'] }
    return talk
  }

  /** A client that is logged in. */
  async login(user = 'anna', password = 'secret', from?: string): Promise<FtpTalk> {
    const talk = await this.connect(from)
    await talk.say(`USER ${user}`)
    const answer = await talk.say(`PASS ${password}`)
    if (!answer.startsWith('230')) throw new Error(answer)
    return talk
  }

  /** Puts a file into the home. */
  async put(path: string, content: string | Uint8Array): Promise<void> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    const file = await this.home.open(parsePath(path), { write: true, create: 'allow', truncate: true })
    await file.write([bytes], 0)
    await file.close()
  }

  /** What a file of the home holds, as text; undefined: there is none. */
  async text(path: string): Promise<string | undefined> {
    try {
      const file = await this.home.open(parsePath(path), { read: true })
      const { size } = await file.stat()
      const bytes = Buffer.alloc(size)
      await file.read(bytes, 0)
      await file.close()
      return bytes.toString()
    } catch {
      return undefined
    }
  }

  /** The names in a directory of the home, sorted. */
  async names(path = '/'): Promise<string[]> {
    const names: string[] = []
    for await (const batch of this.home.list(parsePath(path))) names.push(...batch.map(({ name }) => name))
    return names.toSorted()
  }

  /** The events of one kind so far. */
  told<Kind extends ServerEvent['kind']>(kind: Kind): Extract<ServerEvent, { kind: Kind }>[] {
    return this.events.of(kind)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close()
    const bugs = this.told('bug')
    if (bugs.length > 0) throw new Error(`the server had a bug: ${bugs[0]?.text}`)
  }
}

/** Builds a world. */
export async function ftpWorld(options: FtpWorldOptions = {}): Promise<FtpWorld> {
  const clock = options.clock ?? new FakeClock()
  const home = options.home ?? memoryStore({ clock })
  const network = memoryNetwork({
    ...(options.chop === undefined ? {} : { chop: options.chop }),
    ...(options.hosts === undefined ? {} : { hosts: options.hosts }),
  })
  const events = recordedEvents()
  const address = options.address ?? '192.0.2.1'
  const accounts = options.accounts ?? ((store) => [{ name: 'anna', password: 'secret', home: store }])
  const server = await serve({
    accounts: memoryAccounts(accounts(home), clock),
    ftp: { host: address, port: 21, ...options.settings },
    events,
    network,
    clock,
  })
  return new FtpWorld({ clock, home, network, events, server, address })
}
