import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Clock, Timer } from '../../core/clock.ts'
import { asError } from '../../core/error.ts'
import type { Running } from '../../server/running.ts'
import { counted } from '../../core/counted.ts'

/** Hands lines like `READY=1` to systemd. */
export type Tell = (...words: readonly string[]) => Promise<unknown>

type Words = readonly string[] | Promise<readonly string[]>

/** What `systemctl status` shows is looked at this often. */
const lookMs = 10_000

/**
 * Tells systemd how the server is, where it wants to know (sd_notify(3), Type=notify): ready, reading its configuration,
 * stopping, and between that its sessions, and that it still runs where a watchdog waits for it. Everything in its order.
 */
export class Systemd {
  readonly #server: Pick<Running, 'listeners' | 'sessions'>
  readonly #clock: Clock
  readonly #warn: (text: string) => void
  readonly #tell: Tell | undefined
  readonly #watchdogMs: number | undefined
  #last: Promise<unknown> = Promise.resolve()
  #status = ''
  #timer: Timer | undefined
  #failed = false
  #stopping = false

  constructor(
    server: Pick<Running, 'listeners' | 'sessions'>,
    clock: Clock,
    warn: (text: string) => void,
    env: Readonly<Record<string, string | undefined>> = process.env,
    tell: Tell = notify,
  ) {
    this.#server = server
    this.#clock = clock
    this.#warn = warn
    this.#tell = env['NOTIFY_SOCKET'] === undefined ? undefined : tell
    this.#watchdogMs = watchdogOf(env)
  }

  ready(): void {
    this.#say(this.#describe().then((status) => [`--pid=${process.pid}`, 'READY=1', status]))
    this.#lookLater()
  }

  /** `work` is reading everything anew. */
  async reloading(work: () => Promise<void>): Promise<void> {
    if (this.#stopping) return work()
    const now = process.hrtime.bigint() / 1000n
    this.#say(['RELOADING=1', `MONOTONIC_USEC=${now}`, 'STATUS=reading the configuration'])
    await work()
    this.#say(['READY=1', `STATUS=${this.#status}`])
  }

  stopping(): void {
    this.#stopping = true
    this.#timer?.cancel()
    this.#say(['STOPPING=1', 'STATUS=letting transfers end'])
  }

  #lookLater(): void {
    if (this.#tell === undefined) return
    const ms = Math.min(lookMs, this.#watchdogMs ?? lookMs)
    this.#timer = this.#clock.after(ms, () => void this.#look())
  }

  /** A worker that does not answer holds this up, and the watchdog is not told that all is well. */
  async #look(): Promise<void> {
    const before = this.#status
    const words = this.#watchdogMs === undefined ? [] : ['WATCHDOG=1']
    const status = await this.#describe()
    if (this.#stopping) return
    if (this.#status !== before) words.push(status)
    if (words.length > 0) this.#say(words)
    this.#lookLater()
  }

  async #describe(): Promise<string> {
    const sessions = await this.#server.sessions()
    const transfers = sessions.reduce((sum, { transfers }) => sum + transfers.length, 0)
    const doors = this.#server.listeners.map(({ protocol, port }) => `${protocol} ${port}`)
    this.#status = `${[...new Set(doors)].join(', ')}: ${counted(sessions.length, 'session')}, ${counted(transfers, 'transfer')}`
    return `STATUS=${this.#status}`
  }

  #say(words: Words): void {
    this.#last = this.#sayAfter(this.#last, words)
  }

  async #sayAfter(before: Promise<unknown>, words: Words): Promise<void> {
    await before
    try {
      await this.#tell?.(...(await words))
    } catch (thrown) {
      if (this.#failed) return
      this.#failed = true
      this.#warn(`systemd cannot be told how the server is: ${asError(thrown).message}`)
    }
  }
}

/** Half of the time after which systemd takes the server for dead (sd_watchdog_enabled(3)). */
function watchdogOf(env: Readonly<Record<string, string | undefined>>): number | undefined {
  const { WATCHDOG_USEC: microseconds, WATCHDOG_PID: watched } = env
  // Of a machine whose own Node is too old, bin/ferry.js is the process that systemd knows.
  const ours = watched === undefined || [process.pid, process.ppid].includes(Number(watched))
  return ours && Number(microseconds) > 0 ? Number(microseconds) / 2000 : undefined
}

const run = promisify(execFile)

/** Node has no datagrams on Unix sockets; the program that systemd brings along has. */
function notify(...words: readonly string[]): Promise<unknown> {
  return run('systemd-notify', words, { timeout: 10_000 })
}
