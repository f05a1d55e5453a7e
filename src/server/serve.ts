import { systemClock, type Clock } from '../core/clock.ts'
import type { Accounts, Rate } from '../core/account.ts'
import type { Events } from '../core/event.ts'
import type { Claims } from '../core/claims.ts'
import type { Ledger } from '../core/ledger.ts'
import type { Network } from '../core/network.ts'
import type { Store } from '../core/store.ts'
import { memoryLedger } from '../cluster/memory.ts'
import { tcpNetwork } from '../net/tcp.ts'
import { door, type Entrance, type VisitorView } from '../policy/door.ts'
import type { DoorLimits } from '../policy/door-limits.ts'
import { witness, type TransferNow, type Witness } from '../policy/witness.ts'
import type { Doorkeeper } from '../policy/gate.ts'
import type { Admission } from '../policy/admission.ts'
import type { SharedBucket } from '../policy/bandwidth.ts'
import type { AskHook } from '../policy/hooks.ts'
import { quotas, type Quotas } from '../policy/quota.ts'
import type { SharedQuota } from '../policy/quota/account-quota.ts'
import { allPolicies } from '../policy/index.ts'
import type { Entrances } from './doors.ts'
import { allDoors, type AllDoors, type PublishedDoors } from './published-doors.ts'
import type { FtpListener, Listener, TftpListener } from './listener.ts'
import type { SftpListener } from './sftp-listener.ts'
import { Sweeping, weekMs } from './sweeping.ts'
import { TlsNow, type SessionTls } from './tls-now.ts'
import { toldEvents } from './told-events.ts'

export type { FtpListener, Listener, TftpListener } from './listener.ts'

/** What to serve, to whom, and where. */
export interface ServeOptions {
  /** Who may enter, and what is theirs: `memoryAccounts([…])`, or anything with `verify`. */
  readonly accounts: Accounts
  /** On, if nothing is said. */
  readonly ftp?: FtpListener | 'off'
  /** Off, if nothing is said: it needs host keys. */
  readonly sftp?: SftpListener | undefined
  /** Off, if nothing is said. */
  readonly tftp?: TftpListener | undefined
  /** Told of everything that happens. What it throws, or rejects with, is a warning of the process and troubles no session. */
  readonly events?: Events
  /** How many may come in, and how often they may try. */
  readonly limits?: Partial<DoorLimits>
  /** What quotas, hooks and rates of accounts need. */
  readonly rules?: ServerRules
  /** Who looks at addresses before anything is said to them. */
  readonly gate?: Doorkeeper
  /** Stores whose left-over parts of uploads are removed once they are old. */
  readonly sweep?: () => readonly Store[]
  /** How old a left-over must be, a week if not said: as long can an upload be resumed. */
  readonly sweepAfterMs?: number
  /** Where it listens and connects: the sockets of this machine if not said. */
  readonly network?: Network
  /** The time; tests turn their own. */
  readonly clock?: Clock
  /** Where else the doors of FTP and SFTP are open. */
  readonly published?: PublishedDoors | undefined
  /** With it, this is one of several that serve the same folders at the same ports. */
  readonly common?: Common
}

/** What all that serve the same folders at the same ports have in common; a server that is alone has it to itself. */
export interface Common {
  /** What the ids of its sessions begin with: each has another. */
  readonly prefix: string
  /** Lets connections in. */
  readonly admission: Admission
  /** Counts connections and sessions. */
  readonly ledger: Ledger
  /** Which parts of uploads are being written. */
  readonly claims: Claims
  /** Holds the rates of the server and of accounts. */
  readonly buckets: SharedBucket
  /** Gives turns to who changes what an account keeps. */
  readonly quota: SharedQuota
}

/** What the rules of accounts need beyond the accounts. */
export interface ServerRules {
  /** Where quotas are kept; in memory if not said, and counted anew by each process. */
  readonly ledger?: Ledger
  /** Who asks hooks; without, accounts that have some are refused. */
  readonly ask?: AskHook
  /** Bytes a second, of the whole server: asked for each session. */
  readonly rate?: () => Rate
}

/** Somebody who is connected now, and what is transferred. */
export interface SessionNow extends VisitorView {
  /** The files that it has open. */
  readonly transfers: readonly TransferNow[]
  /** undefined: it speaks in clear, or SSH. */
  readonly tls?: SessionTls
}

/** A running server. */
export interface Server extends AsyncDisposable {
  /** Where it listens, with the ports that were really taken. */
  readonly listeners: readonly Listener[]
  /** Who is connected now. */
  sessions(): readonly SessionNow[]
  /** Sends somebody away; false where there is no such session. */
  kick(id: string, reason: string): boolean
  /** Opens, moves and shuts doors and changes what is said of them. Sessions live on; when a door fails nothing is changed. */
  change(entrances: Entrances): Promise<void>
  /** Changes the limits of the door for whoever comes from now on. */
  limit(limits: Partial<DoorLimits>): void
  /** Counts what an account keeps anew; false while it writes. */
  recount(account: string, home: Store): Promise<boolean>
  /** Takes nobody in any more, lets running transfers end for this long, and then ends all. */
  drain(graceMs: number): Promise<void>
  /** Ends all now. */
  close(): Promise<void>
}

/** Starts a server, and resolves once it listens. End it by `close()`, by `drain()`, or with `await using`. */
export async function serve(options: ServeOptions): Promise<Server> {
  const network = options.network ?? tcpNetwork()
  const { common } = options
  const clock = options.clock ?? systemClock
  const events = new TlsNow(toldEvents(options.events ?? silent))
  const watch = witness(clock)
  const quota = quotas(options.rules?.ledger ?? memoryLedger(clock), common?.quota)
  const entrance = door({
    accounts: options.accounts,
    events,
    clock,
    ledger: common?.ledger ?? memoryLedger(clock),
    ...(common === undefined ? {} : { prefix: common.prefix, admission: common.admission }),
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
  const doors = allDoors(house, options.published)
  try {
    await doors.change(options)
  } catch (thrown) {
    await doors.close()
    throw thrown
  }
  const sweeping = new Sweeping(options.sweep, options.sweepAfterMs ?? weekMs, clock, events, () =>
    quota.forget(),
  )
  return new House({ doors, sweeping, quotas: quota, entrance, witness: watch, tls: events })
}

const silent: Events = { emit: () => undefined }

interface Rooms {
  readonly doors: AllDoors
  readonly sweeping: Sweeping
  readonly quotas: Quotas
  readonly entrance: Entrance
  readonly witness: Witness
  readonly tls: TlsNow
}

class House implements Server {
  readonly #doors: AllDoors
  readonly #sweeping: Sweeping
  readonly #quotas: Quotas
  readonly #entrance: Entrance
  readonly #witness: Witness
  readonly #tls: TlsNow

  constructor({ doors, sweeping, quotas, entrance, witness, tls }: Rooms) {
    this.#doors = doors
    this.#sweeping = sweeping
    this.#quotas = quotas
    this.#entrance = entrance
    this.#witness = witness
    this.#tls = tls
  }

  get listeners(): readonly Listener[] {
    return this.#doors.listeners
  }

  change(entrances: Entrances): Promise<void> {
    return this.#doors.change(entrances)
  }

  sessions(): readonly SessionNow[] {
    return this.#entrance.visitors().map((view) => {
      const tls = this.#tls.of(view.id)
      return { ...view, transfers: this.#witness.of(view.id), ...(tls === undefined ? {} : { tls }) }
    })
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
    await this.#doors.drain(graceMs)
    await this.#quotas.leave()
  }

  async close(): Promise<void> {
    await this.#sweeping.end()
    await this.#doors.close()
    await this.#quotas.leave()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
