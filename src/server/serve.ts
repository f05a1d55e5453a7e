import { systemClock, type Clock } from '../core/clock.ts'
import type { Accounts, Protocol, Rate } from '../core/account.ts'
import type { Events } from '../core/event.ts'
import type { Claims } from '../core/claims.ts'
import type { Ledger } from '../core/ledger.ts'
import type { Network, Peer } from '../core/network.ts'
import type { Door } from '../core/session.ts'
import type { Store } from '../core/store.ts'
import { memoryLedger } from '../cluster/memory.ts'
import { serveFtp } from '../ftp/server/serve.ts'
import type { FtpSettings } from '../ftp/server/settings.ts'
import { scpWork } from '../scp/serve.ts'
import { serveSsh } from '../ssh/server/serve.ts'
import { serveTftp } from '../tftp/server/serve.ts'
import type { TftpSettings } from '../tftp/server/settings.ts'
import { tcpNetwork } from '../net/tcp.ts'
import { door, type DoorLimits, type Entrance, type VisitorView } from '../policy/door.ts'
import { witness, type TransferNow, type Witness } from '../policy/witness.ts'
import type { Doorkeeper } from '../policy/gate.ts'
import type { SharedBucket } from '../policy/bandwidth.ts'
import type { AskHook } from '../policy/hooks.ts'
import { quotas, type Quotas } from '../policy/quota.ts'
import { allPolicies } from '../policy/index.ts'
import { onAllAddresses, opening } from './listening.ts'
import { keysOf, sftpWork, type SftpListener } from './sftp-listener.ts'
import { Sweeping } from './sweeping.ts'

/** A door of the house that can be opened. */
export interface FtpListener extends Partial<FtpSettings> {
  /** The address to listen on; all of them if none is said. */
  readonly host?: string
  /** 2121 if none is said; 0 takes a free one. */
  readonly port?: number | 'off'
  /** Where TLS begins with the connection (implicit FTPS); nowhere if nothing is said. 0 takes a free one. */
  readonly implicitPort?: number
}

/** The door for devices that know no passwords: what they get is what `accounts` give to an address. */
export interface TftpListener extends Partial<TftpSettings> {
  /** The address to listen on; each of them if none is said. */
  readonly host?: string
  /** 6969 if none is said; 0 takes a free one. */
  readonly port?: number
}

/** What to serve, to whom, and where. */
export interface ServeOptions {
  readonly accounts: Accounts
  /** On, if nothing is said. */
  readonly ftp?: FtpListener | 'off'
  /** Off, if nothing is said: it needs host keys. */
  readonly sftp?: SftpListener
  /** Off, if nothing is said. */
  readonly tftp?: TftpListener
  /** Told of everything that happens. */
  readonly events?: Events
  readonly limits?: Partial<DoorLimits>
  readonly rules?: ServerRules
  /** Who looks at addresses before anything is said to them. */
  readonly gate?: Doorkeeper
  /** Stores whose left-over parts of uploads are removed once they are old. */
  readonly sweep?: () => readonly Store[]
  /** How old a left-over must be, a week if not said: as long can an upload be resumed. */
  readonly sweepAfterMs?: number
  readonly network?: Network
  readonly clock?: Clock
  /** With it, this is one of several that serve the same folders at the same ports. */
  readonly common?: Common
}

/** What all that serve the same folders at the same ports have in common; a server that is alone has it to itself. */
export interface Common {
  /** What the ids of its sessions begin with: each has another. */
  readonly prefix: string
  /** Counts connections and sessions. */
  readonly ledger: Ledger
  /** Which parts of uploads are being written. */
  readonly claims: Claims
  /** Holds the rates of the server and of accounts. */
  readonly buckets: SharedBucket
}

/** What the rules of accounts need beyond the accounts. */
export interface ServerRules {
  /** Where quotas are kept; in memory if not said, and counted anew by each process. */
  readonly ledger?: Ledger
  /** Who asks hooks; without, accounts that have some are refused. */
  readonly ask?: AskHook
  /** Bytes a second, of the whole server. */
  readonly rate?: Rate
}

/** Where the server can be reached. */
export interface Listener {
  readonly protocol: Protocol
  readonly address: string
  readonly port: number
  /** Of the host key, `SHA256:…`, where there is one. */
  readonly fingerprint?: string
}

/** Somebody who is connected now, and what is transferred. */
export interface SessionNow extends VisitorView {
  readonly transfers: readonly TransferNow[]
}

/** A running server. */
export interface Server extends AsyncDisposable {
  readonly listeners: readonly Listener[]
  sessions(): readonly SessionNow[]
  /** Sends somebody away; false where there is no such session. */
  kick(id: string, reason: string): boolean
  /** Changes the limits of the door for whoever comes from now on. */
  limit(limits: Partial<DoorLimits>): void
  /** Counts what an account keeps anew; false while it writes. */
  recount(account: string, home: Store): Promise<boolean>
  /** Takes nobody in any more, lets running transfers end for this long, and then ends all. */
  drain(graceMs: number): Promise<void>
  /** Ends all now. */
  close(): Promise<void>
}

/** Starts a server. Everything that knows everything is in here: the rest of the house sees only seams. */
export async function serve(options: ServeOptions): Promise<Server> {
  const network = options.network ?? tcpNetwork()
  const { common } = options
  const clock = options.clock ?? systemClock
  const events = options.events ?? silent
  const watch = witness(clock)
  const quota = quotas(options.rules?.ledger ?? memoryLedger(clock))
  const entrance = door({
    accounts: options.accounts,
    events,
    clock,
    ledger: common?.ledger ?? memoryLedger(clock),
    ...(common === undefined ? {} : { prefix: common.prefix }),
    ...(options.gate === undefined ? {} : { gate: options.gate }),
    policies: allPolicies(events, clock, {
      ...options.rules,
      quotas: quota,
      witness: watch,
      ...(common === undefined ? {} : { claims: common.claims, buckets: common.buckets }),
    }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  })
  const house = { network, clock, events, door: entrance, share: common !== undefined }
  const servers: Serving[] = []
  try {
    if (options.ftp !== 'off') servers.push(await openFtp(house, options.ftp ?? {}))
    if (options.sftp !== undefined) servers.push(await openSftp(house, options.sftp))
    if (options.tftp !== undefined) servers.push(await openTftp(house, options.tftp))
  } catch (thrown) {
    for (const { server } of servers) await server.close()
    throw thrown
  }
  const sweeping = new Sweeping(options.sweep, options.sweepAfterMs ?? weekMs, clock, events, () =>
    quota.forget(),
  )
  return new House(servers, sweeping, quota, entrance, watch)
}

/** What every door needs. */
interface Foundations {
  readonly network: Network
  readonly clock: Clock
  readonly events: Events
  readonly door: Door
  /** Others listen at the same ports. */
  readonly share: boolean
}

/** One door that is open. */
interface Serving {
  readonly listeners: readonly { readonly protocol: Protocol; readonly local: Peer }[]
  readonly fingerprint?: string
  readonly server: {
    drain(graceMs: number): Promise<void>
    close(): Promise<void>
  }
}

async function openFtp(
  house: Foundations,
  { host, port = 2121, implicitPort, ...settings }: FtpListener,
): Promise<Serving> {
  const server = serveFtp({ ...house, settings })
  try {
    if (port !== 'off') await openDoor('ftp', port)
    if (implicitPort !== undefined) await openDoor('ftps', implicitPort)
  } catch (thrown) {
    await server.close()
    throw thrown
  }
  return { listeners: server.listeners, server }

  async function openDoor(protocol: 'ftp' | 'ftps', at: number): Promise<void> {
    await opening(protocol, at, () =>
      onAllAddresses(host, (address) =>
        server.open(protocol, { host: address, port: at, share: house.share }),
      ),
    )
  }
}

async function openSftp(
  house: Foundations,
  { host, port = 2222, sessions, ...listener }: SftpListener,
): Promise<Serving> {
  const { keep: _keep, hostKeys: _given, ...settings } = listener
  const { keys, fingerprint } = await keysOf(listener)
  const services = { sftp: sftpWork(house.clock, house.events, sessions), exec: scpWork(house.events) }
  const server = await opening('sftp', port, () =>
    onAllAddresses(host, (address) =>
      serveSsh({
        ...house,
        settings,
        hostKeys: keys,
        services,
        listen: { host: address, port, share: house.share },
      }),
    ),
  )
  return { listeners: [{ protocol: 'sftp', local: server.local }], server, fingerprint }
}

async function openTftp(
  house: Foundations,
  { host, port = 6969, ...settings }: TftpListener,
): Promise<Serving> {
  const server = await opening('tftp', port, () =>
    serveTftp({ ...house, settings, listen: { host, port, share: house.share } }),
  )
  return { listeners: [{ protocol: 'tftp', local: server.local }], server }
}

const weekMs = 7 * 24 * 3_600_000

const silent: Events = { emit: () => undefined }

class House implements Server {
  readonly #servers: readonly Serving[]
  readonly #sweeping: Sweeping
  readonly #quotas: Quotas
  readonly #entrance: Entrance
  readonly #witness: Witness

  constructor(
    servers: readonly Serving[],
    sweeping: Sweeping,
    quota: Quotas,
    entrance: Entrance,
    watch: Witness,
  ) {
    this.#servers = servers
    this.#sweeping = sweeping
    this.#quotas = quota
    this.#entrance = entrance
    this.#witness = watch
  }

  get listeners(): readonly Listener[] {
    return this.#servers.flatMap(({ listeners, fingerprint }) =>
      listeners.map(({ protocol, local: { address, port } }) => ({
        protocol,
        address,
        port,
        ...(fingerprint === undefined ? {} : { fingerprint }),
      })),
    )
  }

  sessions(): readonly SessionNow[] {
    return this.#entrance.visitors().map((view) => ({ ...view, transfers: this.#witness.of(view.id) }))
  }

  kick(id: string, reason: string): boolean {
    return this.#entrance.kick(id, reason)
  }

  limit(limits: Partial<DoorLimits>): void {
    this.#entrance.limit(limits)
  }

  recount(account: string, home: Store): Promise<boolean> {
    return this.#quotas.recount(account, home)
  }

  async drain(graceMs: number): Promise<void> {
    await this.#sweeping.end()
    await Promise.all(this.#servers.map(({ server }) => server.drain(graceMs)))
    await this.#quotas.leave()
  }

  async close(): Promise<void> {
    await this.#sweeping.end()
    await Promise.all(this.#servers.map(({ server }) => server.close()))
    await this.#quotas.leave()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
