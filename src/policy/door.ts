import type { Accounts, Protocol } from '../core/account.ts'
import type { Clock } from '../core/clock.ts'
import type { Events } from '../core/event.ts'
import type { Ledger } from '../core/ledger.ts'
import type { Door, Policy } from '../core/session.ts'
import { admission, type Admission } from './admission.ts'
import { doorDefaults, type DoorLimits } from './door-limits.ts'
import type { Doorkeeper } from './gate.ts'
import { Guest } from './guest.ts'

export interface DoorOptions {
  readonly accounts: Accounts
  readonly events: Events
  readonly ledger: Ledger
  readonly clock: Clock
  /** The rules around each home, the outermost first. */
  readonly policies: readonly Policy[]
  readonly limits?: Partial<DoorLimits>
  /** Who looks at addresses first. */
  readonly gate?: Doorkeeper
  /** Who lets in, where that is not this gate and this ledger. */
  readonly admission?: Admission
  /** What the ids of its sessions begin with; of this process if not said. */
  readonly prefix?: string
}

/**
 * The one way in: connection limits, then the accounts, then the rules around the home. It tells of who came and was
 * let in or not; that a connection is closed is told by who holds it, and knows why.
 */
export function door(options: DoorOptions): Entrance {
  const house: House = {
    inside: new Map(),
    ...options,
    admission: options.admission ?? admission(options.ledger, options.gate),
    limits: { ...doorDefaults, ...options.limits },
    waiting: 0,
    guests: 0,
  }
  return {
    visitors: () => [...house.inside.values()].map(({ view }) => view),
    kick(id, reason) {
      const guest = house.inside.get(id)
      guest?.kick(reason)
      return guest !== undefined
    },
    limit(limits) {
      house.limits = { ...doorDefaults, ...limits }
    },
    async enter(protocol, peer) {
      const admitted = await house.admission.admit(peer.address, house.limits)
      if (admitted.kind === 'place') return new Guest(house, protocol, peer, admitted.keys)
      const { rule, reason, text } = admitted
      house.events.emit({ kind: 'turned-away', protocol, peer, reason, rule })
      return { refused: true, final: true, text }
    },
  }
}

/** What is told of somebody who is inside. */
export interface VisitorView {
  readonly id: string
  readonly protocol: Protocol
  readonly address: string
  readonly port: number
  /** Milliseconds since 1970. */
  readonly since: number
  readonly account?: string
}

/** A door that knows who is inside. */
export interface Entrance extends Door {
  visitors(): readonly VisitorView[]
  /** Sends somebody away; false where nobody of that id is inside. */
  kick(id: string, reason: string): boolean
  /** Changes the limits for whoever comes from now on. */
  limit(limits: Partial<DoorLimits>): void
}

/** What all guests of one door share. */
export interface House extends DoorOptions {
  limits: DoorLimits
  readonly admission: Admission
  readonly inside: Map<string, Guest>
  /** How many failed logins are being delayed now. */
  waiting: number
  /** How many came so far. */
  guests: number
}
