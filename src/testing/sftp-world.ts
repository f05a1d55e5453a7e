import type { Account } from '../core/account.ts'
import { systemClock, type Clock } from '../core/clock.ts'
import type { Conn } from '../core/network.ts'
import type { RemoteStore } from '../core/remote.ts'
import type { Store } from '../core/store.ts'
import { memoryNetwork } from '../net/memory.ts'
import { memoryLedger } from '../cluster/memory.ts'
import { quotas } from '../policy/quota.ts'
import { allPolicies, guard } from '../policy/index.ts'
import { openSftp } from '../sftp/client/remote.ts'
import { runSftp } from '../sftp/server/session.ts'
import type { SftpSettings } from '../sftp/server/settings.ts'
import { memoryStore } from '../stores/memory.ts'
import { loginOf } from './login-of.ts'
import { recordedEvents, type RecordedEvents } from './recorded-events.ts'

/** What a world may differ in. */
export interface SftpWorldOptions {
  readonly home?: Store
  readonly account?: Partial<Account>
  readonly settings?: Partial<SftpSettings>
  readonly chop?: 'whole' | 'bytes'
  readonly clock?: Clock
  /** The version line of the clients. */
  readonly client?: string
}

/** A server of SFTP without the SSH around it, over memory and behind all rules, as long as there are sessions. */
export class SftpWorld {
  readonly events: RecordedEvents = recordedEvents()
  readonly home: Store
  readonly clock: Clock
  /** How often the server has said that a long work gets on. */
  stirred = 0
  readonly #options: SftpWorldOptions
  readonly #sessions: Promise<void>[] = []
  readonly #stop = new AbortController()

  constructor(options: SftpWorldOptions = {}) {
    this.#options = options
    this.clock = options.clock ?? systemClock
    this.home = options.home ?? memoryStore({ clock: this.clock })
  }

  /** A connection whose other end is served. */
  async dial(): Promise<Conn> {
    const { chop, settings, account, client } = this.#options
    const network = memoryNetwork(chop === undefined ? {} : { chop })
    const login = {
      ...loginOf({ home: this.home, ...account }, this.#stop.signal),
      protocol: 'sftp' as const,
    }
    const files = guard(this.home, login, this.#policies)
    const listen = { host: '192.0.2.1', port: 22 }
    const port = await network.listen(listen, (conn) => {
      const session = { ...login, files }
      const stir = (): void => void (this.stirred += 1)
      const all = { conn: Object.assign(conn, { stir }), session, clock: this.clock, events: this.events }
      const options = client === undefined ? all : { ...all, client }
      this.#sessions.push(runSftp(settings === undefined ? options : { ...options, settings }))
    })
    const conn = await network.connect({ ...listen, timeoutMs: 1000 })
    await port.close()
    return conn
  }

  /** A client of ours that has said hello. */
  async connect(): Promise<RemoteStore> {
    return openSftp({ conn: await this.dial(), clock: this.clock, url: 'sftp://192.0.2.1/' })
  }

  /** Resolves when every session so far is over. */
  async over(): Promise<void> {
    await Promise.all(this.#sessions)
    const [bug] = this.events.of('bug')
    if (bug !== undefined) throw new Error(`the server had a bug: ${bug.text}`)
  }

  /** Ends all sessions, as a server does that is stopped. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('the server was stopped'))
    await this.over()
  }

  readonly #policies = allPolicies(
    this.events,
    { ...systemClock },
    { quotas: quotas(memoryLedger({ ...systemClock })) },
  )
}
