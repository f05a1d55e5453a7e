import type { Rate } from '../core/account.ts'
import { memoryClaims, type Claims } from '../core/claims.ts'
import type { Clock } from '../core/clock.ts'
import type { Events } from '../core/event.ts'
import type { Login, Policy } from '../core/session.ts'
import type { Store } from '../core/store.ts'
import { atomicUploads } from './atomic.ts'
import { audit } from './audit.ts'
import { bandwidth, type SharedBucket } from './bandwidth.ts'
import { hooks, type AskHook } from './hooks.ts'
import { fileNames } from './names.ts'
import type { Quotas } from './quota.ts'
import type { Witness } from './witness.ts'
import { transferLimit } from './transfers.ts'
import { hidePartials } from './hide-partials.ts'
import { permissions } from './permissions.ts'
import { readOnly } from './read-only.ts'

/** What the rules of a server need; what is left out is not limited. */
export interface RulesOptions {
  readonly quotas: Quotas
  /** Who is asked outside; without, accounts with hooks are refused what the hooks are for. */
  readonly ask?: AskHook
  readonly witness?: Witness
  /** Bytes a second, of all together, as they are now. */
  readonly rate?: () => Rate
  /** What holds the rates that sessions share; each process its own, if not said. */
  readonly buckets?: SharedBucket
  /** Which parts of uploads are being written, where other processes or threads write to the same folders. */
  readonly claims?: Claims
}

/** Every rule between a login and its home, in the order in which a call meets them. One list serves a whole server. */
export function allPolicies(events: Events, clock: Clock, options: RulesOptions): readonly Policy[] {
  const underWay = options.claims ?? memoryClaims()
  return [
    // Outermost, so that it tells of what the peer did and was refused, not of what the rules below make of it.
    audit(events, clock),
    ...(options.witness === undefined ? [] : [options.witness.policy]),
    // What is forbidden to all of an account needs no look at its paths.
    readOnly,
    // Before uploads become parts: a right belongs to the name that the peer says.
    permissions,
    fileNames,
    transferLimit,
    // Nobody outside is asked about what is refused anyway.
    hooks(options.ask ?? nobodyToAsk),
    bandwidth(clock, options.rate, options.buckets),
    // Around the rule that makes parts: it alone must see them.
    hidePartials(underWay),
    // What a peer may do is settled, this is only how it is done.
    atomicUploads(underWay),
    // Innermost, as parts need room like all else.
    options.quotas.policy,
  ]
}

const nobodyToAsk: AskHook = async () => Promise.reject(new Error('hooks cannot be asked here'))

/** The home of a login behind the rules, the first one outermost. */
export function guard(home: Store, login: Login, policies: readonly Policy[]): Store {
  return policies.reduceRight((inner, policy) => policy(inner, login), home)
}
