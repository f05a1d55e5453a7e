import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { memoryAccounts, type MemoryAccount } from '../accounts/memory.ts'
import { memoryLedger } from '../cluster/memory.ts'
import { systemClock, type Clock } from '../core/clock.ts'
import type { ServerEvent } from '../core/event.ts'
import type { Conn } from '../core/network.ts'
import type { Store } from '../core/store.ts'
import { memoryNetwork, type MemoryNetwork } from '../net/memory.ts'
import { door } from '../policy/door.ts'
import { connectSsh } from '../ssh/client/connect.ts'
import type { SshConnection } from '../ssh/client/connection.ts'
import type { SshOptions } from '../ssh/client/options.ts'
import { signerOf } from '../ssh/private-key.ts'
import type { Services } from '../ssh/server/house.ts'
import { serveSsh, type SshServer } from '../ssh/server/serve.ts'
import type { SshSettings } from '../ssh/server/settings.ts'
import type { Signer } from '../ssh/signer.ts'
import { memoryStore } from '../stores/memory.ts'
import { recordedEvents, type RecordedEvents } from './recorded-events.ts'

export interface SshWorldOptions {
  readonly settings?: Partial<SshSettings>
  /** The accounts; `anna` with the password `secret` if none are named. */
  readonly accounts?: (home: Store) => readonly MemoryAccount[]
  readonly clock?: Clock
  readonly chop?: 'whole' | 'bytes'
  /** What runs in channels; an echo if nothing is said. */
  readonly services?: Services
  readonly hostKeys?: readonly Signer[]
}

/** An SSH server over memory, whose `sftp` says back what it hears. */
export class SshWorld implements AsyncDisposable {
  readonly network: MemoryNetwork
  readonly events: RecordedEvents
  readonly clock: Clock
  readonly server: SshServer

  constructor(parts: { network: MemoryNetwork; events: RecordedEvents; clock: Clock; server: SshServer }) {
    this.network = parts.network
    this.events = parts.events
    this.clock = parts.clock
    this.server = parts.server
  }

  /** A bare connection. */
  dial(): Promise<Conn> {
    return this.network.connect({ ...hostAndPort, timeoutMs: 1000 })
  }

  /** A client of ours that is logged in: as anna, if nothing else is said. */
  async connect(options: Partial<SshOptions> = {}): Promise<SshConnection> {
    return connectSsh({
      conn: options.conn ?? (await this.dial()),
      clock: this.clock,
      ...hostAndPort,
      user: 'anna',
      password: 'secret',
      trust: { known: async () => [], check: async () => undefined },
      keys: signers(),
      ask: { secret: async () => undefined, trust: async () => 'no' },
      ...options,
    })
  }

  told<Kind extends ServerEvent['kind']>(kind: Kind): Extract<ServerEvent, { kind: Kind }>[] {
    return this.events.of(kind)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close()
    const [bug] = this.told('bug')
    if (bug !== undefined) throw new Error(`the server had a bug: ${bug.text}`)
  }
}

const hostAndPort = { host: '192.0.2.1', port: 22 }

/** Builds a world. */
export async function sshWorld(options: SshWorldOptions = {}): Promise<SshWorld> {
  const network = memoryNetwork(options.chop === undefined ? {} : { chop: options.chop })
  const events = recordedEvents()
  const clock = options.clock ?? systemClock
  const home = memoryStore()
  const accounts = options.accounts ?? ((store) => [{ name: 'anna', password: 'secret', home: store }])
  const entrance = door({
    accounts: memoryAccounts(accounts(home)),
    events,
    clock,
    ledger: memoryLedger(clock),
    policies: [],
    limits: { failedLoginDelayMs: 0 },
  })
  const server = serveSsh({
    network,
    clock,
    door: entrance,
    events,
    hostKeys: options.hostKeys ?? [signerOf(hostKey)],
    services: options.services ?? { sftp: echo },
    settings: { transcript: true, ...options.settings },
  })
  await server.open(hostAndPort)
  return new SshWorld({ network, events, clock, server })
}

/** One for all worlds: what is tested is not the making of keys. */
const hostKey = freshKey()

/** A private key for tests. */
export function freshKey(): KeyObject {
  return generateKeyPairSync('ed25519').privateKey
}

/** Keys for a client, one behind the other. */
export async function* signers(...keys: readonly Signer[]): AsyncGenerator<Signer> {
  yield* keys
}

const echo: Services['sftp'] = async (channel) => {
  for (let pieces = await channel.read(); pieces !== undefined; pieces = await channel.read())
    await channel.writeAll(pieces)
  return 0
}
