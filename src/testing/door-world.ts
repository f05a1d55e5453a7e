import assert from 'node:assert/strict'
import type { Account, Accounts, Attempt, Verdict } from '../core/account.ts'
import type { Ledger } from '../core/ledger.ts'
import type { LoginTry, Policy, Refusal, Session, Visitor } from '../core/session.ts'
import { memoryLedger } from '../cluster/memory.ts'
import { memoryStore } from '../stores/memory.ts'
import { FakeClock } from './fake-clock.ts'
import { recordedEvents } from './recorded-events.ts'
import { door } from '../policy/door.ts'
import type { DoorLimits } from '../policy/door-limits.ts'

/** Who may come in, twice at once. */
export const anna: Account = {
  name: 'anna',
  home: memoryStore(),
  readOnly: false,
  rights: [],
  uploads: 'atomic',
  sessions: 2,
}

/** Whence visitors come. */
export const peer = { address: '192.0.2.50', port: 40_000 }
/** A login that is right. */
export const good: LoginTry = { secure: false, user: 'anna', proof: { kind: 'password', password: 'secret' } }
/** A login with a wrong password. */
export const bad: LoginTry = { ...good, proof: { kind: 'password', password: 'wrong' } }

/** Lets in anna with her password. */
export async function verify({ user, proof }: Attempt): Promise<Verdict> {
  const known = user === 'anna' && proof.kind === 'password' && proof.password === 'secret'
  return known ? { kind: 'accept', account: anna } : { kind: 'refuse', reason: 'a secret of the house' }
}

/** What a door for tests may differ in. */
export interface DoorWorldOptions {
  readonly limits?: Partial<DoorLimits>
  readonly accounts?: Accounts
  readonly policies?: readonly Policy[]
  readonly ledger?: (inner: Ledger) => Ledger
}

/** A door with its clock, counters and events, for tests. */
export function doorWorld(options: DoorWorldOptions = {}) {
  const clock = new FakeClock()
  const events = recordedEvents()
  const counters = memoryLedger(clock)
  const ledger = options.ledger?.(counters) ?? counters
  const entrance = door({
    accounts: options.accounts ?? { verify },
    events,
    ledger,
    clock,
    policies: options.policies ?? [],
    limits: { failedLoginDelayMs: 1000, ...options.limits },
  })
  const enter = async (address = peer.address): Promise<Visitor> => {
    const visitor = await entrance.enter('ftp', { address, port: 1 })
    assert.ok(!('refused' in visitor), 'was turned away')
    return visitor
  }
  return { clock, events, ledger: counters, entrance, enter }
}

/** The session of a login that went well. */
export function isIn(result: Session | Refusal): Session {
  assert.ok(!('refused' in result), 'was not let in')
  return result
}

/** The refusal of one that did not. */
export function isOut(result: object): Refusal {
  assert.ok('refused' in result, 'was let in')
  return result as Refusal
}

/** Tries to log in while the clock is turned past the delay. */
export async function fails(visitor: Visitor, clock: FakeClock, how: LoginTry): Promise<Refusal> {
  const [result] = await Promise.all([visitor.login(how), clock.advance(1000)])
  return isOut(result)
}

/** What is counted: all connections, those of the address, the sessions of anna. */
export async function counted({ ledger }: { ledger: Ledger }): Promise<number[]> {
  const keys = ['connections', `connections from ${peer.address}`, 'sessions of anna']
  return Promise.all(keys.map((key) => ledger.read(key)))
}
