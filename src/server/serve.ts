import { systemClock, type Clock } from '../core/clock.ts'
import type { Accounts, Protocol } from '../core/account.ts'
import { NetworkError } from '../core/error.ts'
import type { Events } from '../core/event.ts'
import type { Network } from '../core/network.ts'
import type { Store } from '../core/store.ts'
import { memoryLedger } from '../cluster/memory.ts'
import { serveFtp, type FtpServer } from '../ftp/server/serve.ts'
import type { FtpSettings } from '../ftp/server/settings.ts'
import { tcpNetwork } from '../net/tcp.ts'
import { door, type DoorLimits } from '../policy/door.ts'
import { allPolicies } from '../policy/index.ts'
import { Sweeping } from './sweeping.ts'

/** A door of the house that can be opened. */
export interface FtpListener extends Partial<FtpSettings> {
  /** The address to listen on; all of them if none is said. */
  readonly host?: string
  /** 2121 if none is said; 0 takes a free one. */
  readonly port?: number
}

/** What to serve, to whom, and where. */
export interface ServeOptions {
  readonly accounts: Accounts
  readonly ftp?: FtpListener
  /** Told of everything that happens. */
  readonly events?: Events
  readonly limits?: Partial<DoorLimits>
  /** Stores whose left-over parts of uploads are removed once they are old. */
  readonly sweep?: readonly Store[]
  /** How old a left-over must be, a week if not said: as long can an upload be resumed. */
  readonly sweepAfterMs?: number
  readonly network?: Network
  readonly clock?: Clock
}

/** Where the server can be reached. */
export interface Listener {
  readonly protocol: Protocol
  readonly address: string
  readonly port: number
}

/** A running server. */
export interface Server extends AsyncDisposable {
  readonly listeners: readonly Listener[]
  /** Takes nobody in any more, lets running transfers end for this long, and then ends all. */
  drain(graceMs: number): Promise<void>
  /** Ends all now. */
  close(): Promise<void>
}

/** Starts a server. Everything that knows everything is in here: the rest of the house sees only seams. */
export async function serve(options: ServeOptions): Promise<Server> {
  const network = options.network ?? tcpNetwork()
  const clock = options.clock ?? systemClock
  const events = options.events ?? silent
  const entrance = door({
    accounts: options.accounts,
    events,
    clock,
    ledger: memoryLedger(clock),
    policies: allPolicies(events, clock),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  })
  const { host, port, ...settings } = options.ftp ?? {}
  const house = { network, clock, events, door: entrance, settings }
  const ftp = await onAllAddresses(host, (address) =>
    serveFtp({ ...house, listen: { host: address, port: port ?? 2121 } }),
  )
  return new House(ftp, new Sweeping(options.sweep ?? [], options.sweepAfterMs ?? weekMs, clock, events))
}

/** Listens where it was said; else on all addresses of both families, or of the one that the machine has. */
async function onAllAddresses<Result>(
  host: string | undefined,
  listen: (host: string) => Promise<Result>,
): Promise<Result> {
  if (host !== undefined) return listen(host)
  try {
    return await listen('::')
  } catch (thrown) {
    if (thrown instanceof NetworkError && thrown.fault === 'no-such-address') return listen('0.0.0.0')
    throw thrown
  }
}

const weekMs = 7 * 24 * 3_600_000

const silent: Events = { emit: () => undefined }

class House implements Server {
  readonly #ftp: FtpServer
  readonly #sweeping: Sweeping

  constructor(ftp: FtpServer, sweeping: Sweeping) {
    this.#ftp = ftp
    this.#sweeping = sweeping
  }

  get listeners(): readonly Listener[] {
    return [{ protocol: 'ftp', ...this.#ftp.local }]
  }

  async drain(graceMs: number): Promise<void> {
    await this.#sweeping.end()
    await this.#ftp.drain(graceMs)
  }

  async close(): Promise<void> {
    await this.#sweeping.end()
    await this.#ftp.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
