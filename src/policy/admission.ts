import { asError } from '../core/error.ts'
import type { Ledger } from '../core/ledger.ts'
import { networkOf } from '../core/network-of.ts'
import type { DoorLimits } from './door-limits.ts'
import type { Doorkeeper } from './gate.ts'

/** Whether a connection is let in. The keys are what must be given back to the ledger when it ends. */
export type Admitted =
  | { readonly kind: 'place'; readonly keys: readonly string[] }
  | { readonly kind: 'none'; readonly rule: string; readonly reason: string; readonly text: string }

/** Who lets connections in and logins be tried. */
export interface Admission {
  admit(address: string, limits: DoorLimits): Promise<Admitted>
  /** Why a login is not even tried. It counts. */
  trying: Doorkeeper['trying']
}

/** By a ledger and a gate that are asked one after the other. */
export function admission(ledger: Ledger, gate: Doorkeeper | undefined): Admission {
  return {
    admit: (address, limits) => admit(address, limits, ledger, gate),
    trying: (address) => gate?.trying(address),
  }
}

/** Looks at the address, and then counts the connection, in all and for where it is from. */
async function admit(
  address: string,
  limits: DoorLimits,
  ledger: Ledger,
  gate: Doorkeeper | undefined,
): Promise<Admitted> {
  const refusal = await gate?.entering(address)
  if (refusal !== undefined) return { kind: 'none', ...refusal, text: 'You are not let in, come back later.' }
  const all = 'connections'
  const here = `connections from ${networkOf(address)}`
  try {
    if (!(await ledger.add(all, 1, limits.connections)))
      return none(
        'connections',
        `there are ${limits.connections} connections already`,
        'There are too many connections, come back later.',
      )
    if (await ledger.add(here, 1, limits.connectionsPerAddress)) return { kind: 'place', keys: [all, here] }
    await ledger.add(all, -1)
  } catch (thrown) {
    // Nobody comes in uncounted.
    const reason = `the ledger does not answer: ${asError(thrown).message}`
    return none('ledger', reason, 'Nobody can be let in at the moment, come back later.')
  }
  return none(
    'connectionsPerAddress',
    `there are ${limits.connectionsPerAddress} connections from that address already`,
    'There are too many connections from your address, come back later.',
  )
}

function none(rule: string, reason: string, text: string): Admitted {
  return { kind: 'none', rule, reason, text }
}
