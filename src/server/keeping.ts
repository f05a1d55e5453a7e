import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Config } from '../config/config.ts'
import type { Clock } from '../core/clock.ts'
import { asError } from '../core/error.ts'
import type { Events, ServerEvent } from '../core/event.ts'
import { isUnspecified } from '../core/address.ts'
import type { Network, Peer } from '../core/network.ts'
import { sqliteBans } from '../database/bans.ts'
import { sqliteLedger } from '../database/ledger.ts'
import { listenControl } from '../net/control-socket.ts'
import { asFileError } from '../stores/disk/faults.ts'
import { Bans, type BanStore } from '../policy/bans.ts'
import { Gate } from '../policy/gate.ts'
import { askHooks } from './ask-hook.ts'
import { bansOf, gateOf, limitsOf, networkOf, rateOf, recordingsOf } from './config-settings.ts'
import { Counters } from './counters.ts'
import type { Data } from './data.ts'
import { Outbox } from './outbox.ts'
import { Recorder } from './recorder.ts'
import type { ShownCertificate } from './certificates.ts'
import type { Running } from './running.ts'
import type { ServeOptions } from './serve.ts'
import { tellHttp, type ToldHttp } from './tell-http.ts'
import { Xferlog } from './xferlog.ts'

/** What became of a configuration that was read anew. */
export interface Reloaded {
  /** Whether it holds now: if not, nothing has changed. */
  readonly taken: boolean
  /** Whether all that it asks for holds: files that it names may be wrong, and then the old ones stay. */
  readonly whole: boolean
  readonly problems: readonly string[]
}

/** What of a running server can be asked through its control socket, beyond what is here. */
export interface Asked {
  readonly server: Running
  /** What it shares and with whom, for those who ask what it is. */
  shares(): object
  /** Reads the configuration anew: what is wrong with it, or what counts only after the next start. */
  reload(): Promise<Reloaded>
  recount(account: string): Promise<string>
  /** What TLS shows, and until when. */
  certificates(): readonly ShownCertificate[]
}

/** All that a server with a data folder or a configuration has beside its doors: bans, limits, numbers, records. */
export class Keeping implements Events {
  readonly options: Required<Pick<ServeOptions, 'events' | 'limits' | 'rules'>> &
    Pick<ServeOptions, 'network'> & { readonly gate: Gate }
  readonly recorder: Recorder
  readonly #data: Data | undefined
  readonly #log: Events
  readonly #counters = new Counters()
  readonly #bans: Bans | undefined
  readonly #gate: Gate
  readonly #outbox: Outbox | undefined
  #xferlog: Xferlog | undefined
  readonly #began: number
  #config: Config
  readonly #clock: Clock
  readonly #ends: (() => void)[] = []
  #http: ToldHttp | undefined
  #metricsText: (() => Promise<string>) | undefined

  constructor(config: Config, data: Data | undefined, log: Events, clock: Clock, network: Network) {
    this.#config = config
    this.#data = data
    this.#log = log
    this.#clock = clock
    this.#began = clock.now()
    const warn = (text: string): void => log.emit({ kind: 'warning', text })
    this.recorder = new Recorder(clock, recordingsOf(config, data !== undefined))
    if (data !== undefined) {
      this.#bans = new Bans(
        clock,
        careful(sqliteBans(data.database), warn),
        bansOf(config),
        ({ network, reason }) => warn(`${network} is banned: ${reason}`),
      )
      this.#outbox = new Outbox(data.database, clock, config.webhooks ?? [], warn)
    }
    this.#gate = new Gate(clock, gateOf(config), this.#bans)
    this.#xferlog = this.#xferlogOf(config)
    this.options = {
      events: this,
      gate: this.#gate,
      limits: limitsOf(config),
      rules: {
        ask: askHooks(),
        rate: () => rateOf(this.#config),
        ...(data === undefined ? {} : { ledger: sqliteLedger(data.database, clock) }),
      },
      network: networkOf(() => this.#config, network, clock),
    }
  }

  emit(event: ServerEvent): void {
    this.#log.emit(event)
    this.#counters.emit(event)
    this.recorder.emit(event)
    for (const one of [this.#bans, this.#outbox, this.#xferlog]) one?.emit(event)
  }

  /** Takes a new configuration; what of it cannot be taken comes back. */
  async use(config: Config, server: Running): Promise<readonly string[]> {
    const old = this.#config
    this.#config = config
    this.#gate.use(gateOf(config))
    this.#bans?.use(bansOf(config))
    this.#outbox?.use(config.webhooks ?? [])
    this.recorder.most = recordingsOf(config, this.#data !== undefined)
    server.record?.(this.recorder.most)
    server.limit(limitsOf(config))
    return [...this.#useLog(old, config), ...(await this.#useHttp(old, config))]
  }

  /** Where HTTP is listened for, once it is. */
  get http(): Peer | undefined {
    if (this.#http === undefined) return undefined
    const { address, port } = this.#http.at
    return { address: isUnspecified(address) ? '127.0.0.1' : address, port }
  }

  /** What /metrics says. */
  metrics(gauges: Readonly<Record<string, number>>): string {
    return this.#counters.text(gauges)
  }

  /** Writes the xferlog into a fresh file, after somebody has moved it away. */
  rotate(): void {
    try {
      this.#xferlog?.reopen()
    } catch (thrown) {
      this.emit({ kind: 'warning', text: `the xferlog stays where it was: ${asFileError(thrown).message}` })
    }
  }

  /** Opens what is asked of a running server: the control socket and the HTTP listener. */
  async begin(asked: Asked): Promise<void> {
    if (this.#data !== undefined) {
      const path = controlPath(this.#data.folder)
      // The lock of the folder is ours, so whoever left this is gone.
      await rm(path, { force: true })
      const control = await controlAt(path, (question) => this.#answer(question, asked))
      this.#ends.push(() => control.close())
    }
    this.#metricsText = async () => this.metrics(await this.#gauges(asked))
    await this.#listenHttp(this.#config)
  }

  async end(): Promise<void> {
    for (const end of this.#ends) end()
    this.#http?.end()
    await this.#outbox?.end()
    this.#xferlog?.close()
  }

  #xferlogOf({ log = {} }: Config): Xferlog | undefined {
    const { xferlog, xferlogSize } = log
    const warn = (text: string): void => this.#log.emit({ kind: 'warning', text })
    return xferlog === undefined ? undefined : new Xferlog(xferlog, this.#clock, xferlogSize, warn)
  }

  /** A file that cannot be opened leaves all as it was. */
  #useLog(old: Config, { log }: Config): readonly string[] {
    if (isDeepStrictEqual(old.log, log)) return []
    const former = this.#xferlog
    try {
      this.#xferlog = this.#xferlogOf(this.#config)
    } catch (thrown) {
      this.#config = { ...this.#config, log: old.log ?? {} }
      return [`the xferlog goes on as it was: ${asError(thrown).message}`]
    }
    former?.close()
    return []
  }

  /** The old port is shut first, as the new one may be the same at another address; where that fails, it is opened again. */
  async #useHttp(old: Config, { http }: Config): Promise<readonly string[]> {
    if (isDeepStrictEqual(old.http, http)) return []
    this.#http?.end()
    this.#http = undefined
    try {
      await this.#listenHttp(this.#config)
      return []
    } catch (thrown) {
      const { http: _, ...rest } = this.#config
      this.#config = old.http === undefined ? rest : { ...rest, http: old.http }
      await this.#listenHttp(this.#config)
      return [`http stays as it was: ${asError(thrown).message}`]
    }
  }

  async #listenHttp({ http }: Config): Promise<void> {
    const metrics = this.#metricsText
    if (http !== undefined && metrics !== undefined) this.#http = await tellHttp(http, metrics)
  }

  async #answer(question: unknown, asked: Asked): Promise<unknown> {
    const { server } = asked
    const { ask, id } = (typeof question === 'object' && question !== null ? question : {}) as Record<
      string,
      unknown
    >
    switch (ask) {
      case 'status':
        return {
          began: this.#began,
          pid: process.pid,
          ...asked.shares(),
          listeners: server.listeners,
          certificates: asked.certificates(),
          workers: await server.workers?.(),
          ...(await this.#gauges(asked)),
        }
      case 'sessions':
        return server.sessions()
      case 'kick':
        return { done: await server.kick(String(id), 'sent away by an administrator') }
      case 'bans':
        this.#bans?.reload()
        return { done: true }
      case 'session':
        return (await server.recording?.(String(id))) ?? this.recorder.of(String(id))
      case 'reload':
        return asked.reload()
      case 'recount':
        return { text: await asked.recount(String(id)) }
      default:
        return { error: 'that cannot be asked' }
    }
  }

  async #gauges(asked: Asked): Promise<Record<string, number>> {
    const sessions = await asked.server.sessions()
    const workers = await asked.server.workers?.()
    const ends = asked.certificates().map(({ expires }) => expires)
    return {
      ferry_sessions: sessions.length,
      ferry_transfers: sessions.reduce((sum, { transfers }) => sum + transfers.length, 0),
      ferry_outbox: this.#outbox?.waiting ?? 0,
      ferry_memory_bytes: process.memoryUsage.rss(),
      ...(workers === undefined ? {} : { ferry_workers: workers.length }),
      ...(ends.length === 0
        ? {}
        : { ferry_certificate_expires_seconds: Math.floor(Math.min(...ends) / 1000) }),
    }
  }
}

/** Bans hold in memory also when they cannot be written: a full disk must not keep anybody out, or let anybody in. */
function careful(store: BanStore, warn: (text: string) => void): BanStore {
  const trying = (work: () => void): void => {
    try {
      work()
    } catch (thrown) {
      warn(`bans cannot be kept: ${asError(thrown).message}`)
    }
  }
  return {
    bans: () => store.bans(),
    scores: () => store.scores(),
    putBan: (ban) => trying(() => store.putBan(ban)),
    removeBan: (network) => trying(() => store.removeBan(network)),
    putScore: (score) => trying(() => store.putScore(score)),
    removeScore: (address) => trying(() => store.removeScore(address)),
  }
}

/** No name of a socket is longer, on Linux; elsewhere it is a few bytes less. */
const longestSocketName = 107

async function controlAt(
  path: string,
  answer: (question: unknown) => Promise<unknown>,
): Promise<{ close(): void }> {
  try {
    return await listenControl(path, answer)
  } catch (thrown) {
    const why =
      Buffer.byteLength(path) > longestSocketName
        ? `the name of a socket has at most ${longestSocketName} bytes: take a shorter one for the data folder`
        : asError(thrown).message
    throw new Error(`the control socket ${path} cannot be opened: ${why}`, { cause: thrown })
  }
}

/** Where the control socket of a data folder is. */
export function controlPath(folder: string): string {
  return join(folder, 'control.sock')
}
