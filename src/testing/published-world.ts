import type { NetworkError } from '../core/error.ts'
import type { Conn } from '../core/network.ts'
import { memoryAccounts } from '../accounts/memory.ts'
import { memoryNetwork, type MemoryNetwork } from '../net/memory.ts'
import { publishThrough, type Published } from '../publish/publish-through.ts'
import { serve, type Server, type ServeOptions } from '../server/serve.ts'
import { connectSsh } from '../ssh/client/connect.ts'
import type { Dialled } from '../ssh/client/dial.ts'
import type { HostTrust } from '../ssh/client/host-trust.ts'
import { memoryStore } from '../stores/memory.ts'
import { FakeClock, settle } from './fake-clock.ts'
import { forwardingSsh, type ForwardingSsh } from './forwarding-ssh.ts'
import { FtpTalk } from './ftp-talk.ts'
import { recordedEvents } from './recorded-events.ts'
import { signers } from './ssh-world.ts'

/** The address of the SSH host of these worlds. */
export const farAddress = '192.0.2.1'

const credulous: HostTrust = { known: async () => [], check: async () => undefined }

/** A server that nobody reaches but through an SSH host: it and its clients are on networks of their own. */
export class PublishedWorld implements AsyncDisposable {
  readonly clock = new FakeClock()
  readonly events = recordedEvents()
  readonly home = memoryStore()
  readonly near = memoryNetwork()
  readonly outside: MemoryNetwork = memoryNetwork({ hosts: { 'far.example': [farAddress] } })
  readonly published: Published
  /** The connections to the SSH host, the latest last. */
  readonly links: ForwardingSsh[] = []
  /** Ports that the SSH host does not listen on. */
  readonly refuses = new Set<number>()
  trust = credulous
  #server: Server | undefined

  constructor() {
    const { outside: network, clock, events } = this
    this.published = publishThrough({ network, clock, events, host: 'far.example', dial: () => this.#dial() })
  }

  get link(): ForwardingSsh | undefined {
    return this.links.at(-1)
  }

  /** Where the SSH host waits for us; without it, it is down. */
  async hostUp(): Promise<void> {
    await forwardingSsh(this.outside, 22, (far) => {
      far.refuses = this.refuses
      this.links.push(far)
    })
  }

  async serve(more: Partial<ServeOptions> = {}): Promise<Server> {
    this.#server = await serve({
      accounts: memoryAccounts([{ name: 'anna', password: 'secret', home: this.home }]),
      network: this.near,
      clock: this.clock,
      events: this.events,
      ftp: { port: 21 },
      published: { network: this.published, host: this.published.host },
      ...more,
    })
    return this.#server
  }

  /** Everything stands, on port 21. */
  async begin(): Promise<void> {
    await this.hostUp()
    const trouble: NetworkError | undefined = await this.published.begin()
    if (trouble !== undefined) throw trouble
    await this.serve()
  }

  /** A connection to a port of the SSH host. */
  dial(port: number, from = '198.51.100.7'): Promise<Conn> {
    return this.outside.connect({ host: farAddress, port, localAddress: from, timeoutMs: 1000 })
  }

  /** A client from outside that is logged in. */
  async login(from?: string): Promise<FtpTalk> {
    const talk = new FtpTalk(this.outside, await this.dial(21, from))
    await talk.heard()
    await talk.say('USER anna')
    await talk.say('PASS secret')
    return talk
  }

  /** Waits for what happens by itself; the clock stands still meanwhile. */
  async until(done: () => boolean): Promise<void> {
    for (let turn = 0; turn < 1000 && !done(); turn += 1) await settle()
    if (!done()) throw new Error('it did not happen')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server?.close()
    await this.published.end()
    const [bug] = this.events.of('bug')
    if (bug !== undefined) throw new Error(`the server had a bug: ${bug.text}`)
  }

  async #dial(): Promise<Dialled> {
    const ssh = await connectSsh({
      conn: await this.outside.connect({ host: farAddress, port: 22, timeoutMs: 1000 }),
      clock: this.clock,
      host: 'far.example',
      port: 22,
      user: 'anna',
      trust: this.trust,
      password: 'secret',
      keys: signers(),
      ask: { secret: async () => undefined, trust: async () => 'no' },
    })
    return { ssh, end: () => ssh.end() }
  }
}
