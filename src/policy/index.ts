import type { Clock } from '../core/clock.ts'
import type { Events } from '../core/event.ts'
import type { Login, Policy } from '../core/session.ts'
import type { Store } from '../core/store.ts'
import { atomicUploads } from './atomic.ts'
import { audit } from './audit.ts'
import { permissions } from './permissions.ts'
import { readOnly } from './read-only.ts'

/**
 * All rules in the order in which a call meets them. The audit is outermost, so that it sees refusals too. Rights come
 * before uploads become parts beside their target: the account is asked about the name it said, not about ours. Innermost
 * are atomic uploads, as what they do beside the target is not the account's doing.
 */
export function allPolicies(events: Events, clock: Clock): readonly Policy[] {
  return [audit(events, clock), permissions, readOnly, atomicUploads()]
}

/** The home of a login behind the rules, the first one outermost. */
export function guard(home: Store, login: Login, policies: readonly Policy[]): Store {
  return policies.reduceRight((inner, policy) => policy(inner, login), home)
}
