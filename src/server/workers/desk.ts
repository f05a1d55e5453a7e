import type { Clock } from '../../core/clock.ts'
import { leases } from '../../cluster/leases.ts'
import type { Events, ServerEvent } from '../../core/event.ts'
import type { Ledger } from '../../core/ledger.ts'
import type { TurnGiver } from '../../policy/quota/turn-giver.ts'
import { admission } from '../../policy/admission.ts'
import type { Doorkeeper } from '../../policy/gate.ts'
import { TokenBucket } from '../../policy/token-bucket.ts'
import type { LedgerName, MainService } from './protocol.ts'

/** What there is once for all workers. */
export interface DeskOptions {
  readonly clock: Clock
  readonly events: Events
  readonly gate: Doorkeeper
  /** Connections and sessions. */
  readonly doors: Ledger
  /** What outlives the run: quotas. */
  readonly kept: Ledger
  readonly turns: TurnGiver
  /** Has the worker give back what it has booked ahead for an account. */
  readonly giveBack: (account: string) => Promise<void>
  /** What holds the rates that sessions of all workers share, by key and rate. */
  readonly buckets: Map<string, TokenBucket>
}

/** The main thread's side of one worker, and what has to be put in order when that is gone. */
export interface Desk {
  readonly service: Omit<MainService, 'ready' | 'failed'>
  /** Gives back what it had, and tells of its sessions that they are over. */
  clear(reason: string): Promise<void>
}

type Closed = ServerEvent & { readonly kind: 'closed' }

/** Buckets that are kept while nobody uses them. */
const mostBuckets = 10_000

/** Makes what a worker asks. */
export function desk(options: DeskOptions): Desk {
  const { clock, events, gate, kept, buckets } = options
  const doors = leases(options.doors)
  const entry = admission(doors, gate)
  const turns = options.turns.join()
  turns.onGather(options.giveBack)
  const open = new Map<string, Omit<Closed, 'reason'>>()
  const ledger = (of: LedgerName): Ledger => (of === 'doors' ? doors : kept)
  const always = new AbortController().signal

  function note(event: ServerEvent): void {
    if (event.kind === 'connected') {
      const { session, protocol, peer } = event
      open.set(session, { kind: 'closed', session, protocol, peer })
    } else if (event.kind === 'login') {
      const known = open.get(event.session)
      if (known !== undefined) open.set(event.session, { ...known, account: event.account })
    } else if (event.kind === 'closed') open.delete(event.session)
  }

  return {
    service: {
      add: (of, key, amount, ceiling) => ledger(of).add(key, amount, ceiling),
      read: (of, key) => ledger(of).read(key),
      set: (of, key, value, forMs) => ledger(of).set(key, value, forMs),
      admit: (address, limits) => entry.admit(address, limits),
      trying: (address) => gate.trying(address),
      async pass(key, rate, bytes) {
        const name = `${key} ${rate}`
        let bucket = buckets.get(name)
        if (bucket === undefined) {
          if (buckets.size >= mostBuckets) buckets.clear()
          buckets.set(name, (bucket = new TokenBucket(rate, clock)))
        }
        await bucket.take(bytes, always)
      },
      beginTurn: (account) => turns.begin(account),
      endTurn: (account, how) => turns.end(account, how),
      tellWriting: (account, files) => turns.tellWriting(account, files),
      gatherQuota: (account) => turns.gather(account),
      forgetQuotas: () => turns.forget(),
      emit(all) {
        for (const event of all) {
          note(event)
          events.emit(event)
        }
      },
    },
    async clear(reason) {
      turns.lose()
      for (const closed of open.values()) events.emit({ ...closed, reason })
      open.clear()
      await doors.giveBack()
    },
  }
}
