import type { Clock } from '../core/clock.ts'
import type { Events } from '../core/event.ts'
import type { Login, Policy } from '../core/session.ts'
import type { Store } from '../core/store.ts'
import { atomicUploads } from './atomic.ts'
import { audit } from './audit.ts'
import { hidePartials } from './hide-partials.ts'
import type { UnderWay } from './partials.ts'
import { permissions } from './permissions.ts'
import { readOnly } from './read-only.ts'

/** Every rule between a login and its home, in the order in which a call meets them. One list serves a whole server. */
export function allPolicies(events: Events, clock: Clock): readonly Policy[] {
  const underWay: UnderWay = new Set()
  return [
    // Outermost, so that it tells of what the peer did and was refused, not of what the rules below make of it.
    audit(events, clock),
    // What is forbidden to all of an account needs no look at its paths.
    readOnly,
    // Before uploads become parts: a right belongs to the name that the peer says.
    permissions,
    // Around the rule that makes parts: it alone must see them.
    hidePartials(underWay),
    // Innermost: what a peer may do is settled, this is only how it is done.
    atomicUploads(underWay),
  ]
}

/** The home of a login behind the rules, the first one outermost. */
export function guard(home: Store, login: Login, policies: readonly Policy[]): Store {
  return policies.reduceRight((inner, policy) => policy(inner, login), home)
}
