import { randomBytes } from 'node:crypto'
import { Crew } from '../../cluster/crew.ts'
import { memoryLedger } from '../../cluster/memory.ts'
import { claimsMemory, giveAllClaims, sharedClaims } from '../../cluster/shared-claims.ts'
import type { Clock } from '../../core/clock.ts'
import { asError } from '../../core/error.ts'
import type { Events } from '../../core/event.ts'
import type { Ledger } from '../../core/ledger.ts'
import type { Store } from '../../core/store.ts'
import type { TlsIdentity } from '../../core/tls.ts'
import type { DoorLimits } from '../../policy/door-limits.ts'
import type { Doorkeeper } from '../../policy/gate.ts'
import { quotas } from '../../policy/quota.ts'
import { TurnGiver } from '../../policy/quota/turn-giver.ts'
import type { Recording } from '../recorder.ts'
import type { Running, WorkerNow } from '../running.ts'
import type { SessionNow } from '../serve.ts'
import type { Listener } from '../listener.ts'
import { Sweeping, weekMs } from '../sweeping.ts'
import { Answering, askMs, mostMissed } from './answering.ts'
import { desk, type DeskOptions } from './desk.ts'
import { startThread, type WorkerThread } from './thread.ts'

/** What a worker is given by the team, beside what its module wants. */
export interface Placed {
  /** From 0; it says which part of what can be divided is its own. */
  readonly place: number
  /** What the ids of its sessions begin with. */
  readonly prefix: string
  readonly claims: SharedArrayBuffer
  readonly limits: Partial<DoorLimits>
  readonly countsLogins: boolean
  /** How many sessions it keeps with their dialogue. */
  readonly recordings: number
}

/** What workers are given, from when it is made until another takes its place. */
export type Plan = (placed: Placed) => unknown

export interface TeamOptions {
  /** At most 254. */
  readonly size: number
  readonly clock: Clock
  readonly events: Events
  readonly gate: Doorkeeper & { readonly countsLogins: boolean }
  readonly limits: Partial<DoorLimits>
  readonly recordings: number
  /** Where quotas are kept. */
  readonly kept?: Ledger
  /** The module that each worker runs; what it finds as `workerData` is by the plan. */
  readonly module: URL
  /** Makes the plan at the beginning, and whenever doors change. */
  readonly plan: (former: Plan | undefined) => Promise<Plan>
  /** Stores whose left-over parts of uploads are removed once they are old. */
  readonly sweep: () => readonly Store[]
}

/** So much longer than it was given may a worker take to end, before it is ended. */
const overtimeMs = 5000

/** The claims of this thread, when it counts. */
const ownPlace = 254

/** A server with workers: each is a thread with a whole server, and this is what there is once for all of them. */
export class Team implements Running {
  readonly #options: TeamOptions
  readonly #claims = claimsMemory()
  readonly #turns: TurnGiver
  readonly #kept: Ledger
  readonly #shared: Omit<DeskOptions, 'events' | 'gate' | 'clock' | 'giveBack'>
  readonly #sweeping: Sweeping
  readonly #prefix = randomBytes(3).toString('hex')
  #started = 0
  #limits: Partial<DoorLimits>
  #recordings: number
  #plan: Plan = () => undefined
  #last: Promise<unknown> = Promise.resolve()
  #crew: Crew<WorkerThread> | undefined
  readonly #answering: Answering<WorkerThread>
  #listeners: readonly Listener[] = []

  private constructor(options: TeamOptions) {
    const { clock, events, kept = memoryLedger(clock), limits, recordings } = options
    this.#options = options
    this.#limits = limits
    this.#recordings = recordings
    this.#kept = kept
    this.#turns = new TurnGiver(kept)
    this.#shared = { doors: memoryLedger(clock), kept, turns: this.#turns, buckets: new Map() }
    this.#answering = new Answering(
      () => this.#members,
      clock,
      (worker) => worker.giveUp(new Error(`it has not answered for ${(askMs * mostMissed) / 1000} s`)),
    )
    this.#sweeping = new Sweeping(options.sweep, weekMs, clock, events, () => this.#turns.forget())
  }

  /** Starts all workers; where one cannot listen, none is left and this rejects with why. */
  static async begin(options: TeamOptions): Promise<Team> {
    const team = new Team(options)
    try {
      team.#plan = await options.plan(undefined)
      team.#crew = await Crew.begin({
        size: options.size,
        clock: options.clock,
        start: (place) => team.#start(place),
        lost: ({ number }, reason, ms) =>
          team.#warn(
            `worker ${number} has ended, and its sessions with it: ${reason.message}. Another starts in ${ms / 1000} s`,
          ),
        failed: (place, reason, ms) =>
          team.#warn(
            `no worker can be started in place ${place + 1}: ${reason.message}. It is tried again in ${ms / 1000} s`,
          ),
      })
    } catch (thrown) {
      team.#answering.end()
      await team.#sweeping.end()
      throw thrown
    }
    team.#listeners = team.#crew.members[0]?.listeners ?? []
    for (const { protocol, address, port } of team.#listeners)
      options.events.emit({ kind: 'listening', protocol, local: { address, port } })
    return team
  }

  get listeners(): readonly Listener[] {
    return this.#listeners
  }

  async sessions(): Promise<readonly SessionNow[]> {
    return (await this.#all(({ ask }) => ask.sessions())).flat()
  }

  async workers(): Promise<readonly WorkerNow[]> {
    return this.#all(async ({ ask, number, began }) => {
      const sessions = await ask.sessions()
      const transfers = sessions.reduce((sum, one) => sum + one.transfers.length, 0)
      return { number, began, sessions: sessions.length, transfers }
    })
  }

  async kick(id: string, reason: string): Promise<boolean> {
    return (await this.#all(({ ask }) => ask.kick(id, reason))).includes(true)
  }

  async recording(id: string): Promise<Recording | undefined> {
    return (await this.#all(({ ask }) => ask.recording(id))).find((one) => one !== undefined)
  }

  /** Has all workers do as they are given now: all of them, or none. The plan says what, and not the entrances. */
  change(): Promise<void> {
    const done = this.#last.then(() => this.#change())
    this.#last = done.catch(() => undefined)
    return done
  }

  limit(limits: Partial<DoorLimits>): void {
    this.#limits = limits
    for (const { tell } of this.#members) tell.limit(limits, this.#options.gate.countsLogins)
  }

  record(most: number): void {
    this.#recordings = most
    for (const { tell } of this.#members) tell.record(most)
  }

  /** Shows another certificate from now on. */
  identity(identity: TlsIdentity): void {
    for (const { tell } of this.#members) tell.identity(identity)
  }

  /** Has the workers read anew what the configuration names and does not hold. */
  look(): void {
    for (const { tell } of this.#members) tell.look()
  }

  recount(account: string, home: Store): Promise<boolean> {
    const turns = this.#turns.join()
    return quotas(this.#kept, { turns, claims: sharedClaims(this.#claims, ownPlace + 1) }).recount(
      account,
      home,
    )
  }

  drain(graceMs: number): Promise<void> {
    return this.#leave((worker) => worker.ask.drain(graceMs), graceMs + overtimeMs)
  }

  close(): Promise<void> {
    return this.#leave((worker) => worker.ask.close(), overtimeMs)
  }

  async #change(): Promise<void> {
    const former = this.#plan
    const fresh = await this.#options.plan(former)
    const members = this.#members
    this.#plan = fresh
    const results = await Promise.allSettled(members.map((one) => one.ask.renew(fresh(this.#placed(one)))))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed === undefined) {
      this.#listeners = (await members[0]?.ask.listeners()) ?? this.#listeners
      return
    }
    this.#plan = former
    await Promise.allSettled(members.map((one) => one.ask.renew(former(this.#placed(one)))))
    throw asError(failed.reason)
  }

  get #members(): readonly WorkerThread[] {
    return this.#crew?.members ?? []
  }

  /** Asks each; one that is gone before it answers is left out. */
  async #all<Answer>(ask: (worker: WorkerThread) => Promise<Answer>): Promise<Answer[]> {
    const answers = await Promise.allSettled(this.#members.map(ask))
    return answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  }

  #warn(text: string): void {
    this.#options.events.emit({ kind: 'warning', text })
  }

  async #start(place: number): Promise<WorkerThread> {
    const { clock, events, gate, module } = this.#options
    this.#started += 1
    const number = this.#started
    let plan = this.#plan
    const worker = await startThread({
      module,
      given: plan(this.#placed({ place, number })),
      number,
      place,
      began: clock.now(),
      // One that does not stand yet has booked nothing.
      desk: desk({
        ...this.#shared,
        clock,
        events,
        gate,
        giveBack: async (account) => worker.ask.giveBack(account),
      }),
      failed: (error) => events.emit({ kind: 'bug', text: error.stack ?? error.message }),
    })
    // Much may have changed until it stood.
    while (plan !== this.#plan) {
      plan = this.#plan
      await worker.ask.renew(plan(this.#placed(worker)))
    }
    worker.tell.limit(this.#limits, gate.countsLogins)
    worker.tell.record(this.#recordings)
    const ended = worker.ended.then((reason) => {
      giveAllClaims(this.#claims, place + 1)
      return reason
    })
    return { ...worker, ended }
  }

  #placed({ place, number }: Pick<WorkerThread, 'place' | 'number'>): Placed {
    return {
      place,
      prefix: `${this.#prefix}.${number}`,
      claims: this.#claims,
      limits: this.#limits,
      countsLogins: this.#options.gate.countsLogins,
      recordings: this.#recordings,
    }
  }

  /** Each ends by itself, or is ended when it takes too long. */
  async #leave(ask: (worker: WorkerThread) => Promise<unknown>, mostMs: number): Promise<void> {
    this.#answering.end()
    await this.#sweeping.end()
    this.#crew?.disband()
    const late = Promise.withResolvers<void>()
    const timer = this.#options.clock.after(mostMs, late.resolve)
    await Promise.race([this.#all(ask), late.promise])
    timer.cancel()
    await this.#crew?.end()
    await this.#turns.end()
  }
}
