import { randomBytes } from 'node:crypto'
import type { Account, Accounts, Protocol } from '../core/account.ts'
import type { Clock } from '../core/clock.ts'
import type { Events } from '../core/event.ts'
import type { Ledger } from '../core/ledger.ts'
import type { Peer } from '../core/network.ts'
import { asError } from '../core/error.ts'
import type { Door, LoginTry, Policy, Refusal, Session, Visitor } from '../core/session.ts'
import type { Store } from '../core/store.ts'
import { guard } from './index.ts'

/** How many may come in, and how often they may try. */
export interface DoorLimits {
  /** Connections at once, in all. */
  readonly connections: number
  readonly connectionsPerAddress: number
  /** Wrong passwords on one connection; then it ends. */
  readonly triesPerConnection: number
  /** How long a refusal takes, so that guessing is slow. */
  readonly failedLoginDelayMs: number
}

export const doorDefaults: DoorLimits = {
  connections: 10_000,
  connectionsPerAddress: 4000,
  triesPerConnection: 3,
  failedLoginDelayMs: 1000,
}

export interface DoorOptions {
  readonly accounts: Accounts
  readonly events: Events
  readonly ledger: Ledger
  readonly clock: Clock
  readonly policies: readonly Policy[]
  readonly limits?: Partial<DoorLimits>
}

/** The one way in: connection limits, then the accounts, then the rules around the home. */
export function door(options: DoorOptions): Door {
  const house: House = { ...options, limits: { ...doorDefaults, ...options.limits } }
  return {
    async enter(protocol, peer) {
      const reason = await takePlace(house, peer)
      if (reason === undefined) return new Guest(house, protocol, peer)
      house.events.emit({ kind: 'turned-away', protocol, peer, reason })
      return { refused: true, final: true, text: 'Too many connections, come back later.' }
    },
  }
}

interface House extends DoorOptions {
  readonly limits: DoorLimits
}

const everywhere = 'connections'

function addressKey({ address }: Peer): string {
  return `connections of ${address}`
}

function accountKey({ name }: Account): string {
  return `sessions of ${name}`
}

/** Counts the connection; a reason when there is no place for it. */
async function takePlace({ ledger, limits }: House, peer: Peer): Promise<string | undefined> {
  if (!(await ledger.add(everywhere, 1, limits.connections)))
    return `there are ${limits.connections} connections already`
  if (await ledger.add(addressKey(peer), 1, limits.connectionsPerAddress)) return undefined
  await ledger.add(everywhere, -1)
  return `there are ${limits.connectionsPerAddress} connections from that address already`
}

class Guest implements Visitor {
  readonly id = randomBytes(5).toString('hex')
  readonly #house: House
  readonly #protocol: Protocol
  readonly #peer: Peer
  /** Made when someone asks: most sessions never need one. */
  #abort: AbortController | undefined
  #account: Account | undefined
  #tries = 0
  #left = false

  constructor(house: House, protocol: Protocol, peer: Peer) {
    this.#house = house
    this.#protocol = protocol
    this.#peer = peer
    house.events.emit({ kind: 'connected', ...this.#who() })
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    if (this.#left) this.#abort.abort()
    return this.#abort.signal
  }

  async login(how: LoginTry): Promise<Session | Refusal> {
    const { accounts, ledger, events } = this.#house
    const verdict = await accounts.verify({ ...how, protocol: this.#protocol, peer: this.#peer })
    if (verdict.kind !== 'accept') {
      return this.#refuse(how.user, verdict.kind === 'refuse' ? verdict.reason : 'more proof is wanted')
    }
    const { account } = verdict
    if (this.#left || !(await ledger.add(accountKey(account), 1, account.sessions))) {
      events.emit({
        kind: 'login-failed',
        ...this.#who(),
        user: how.user,
        reason: 'too many sessions of the account',
      })
      return { refused: true, final: true, text: 'Too many sessions of this account, come back later.' }
    }
    this.logout()
    this.#account = account
    events.emit({ kind: 'login', ...this.#who(), account: account.name })
    return new GuestSession(this, this.#protocol, this.#peer, account, this.#house.policies)
  }

  logout(): void {
    const account = this.#account
    this.#account = undefined
    if (account !== undefined) this.#giveBack(accountKey(account))
  }

  leave(): void {
    if (this.#left) return
    this.#left = true
    this.logout()
    this.#abort?.abort()
    this.#giveBack(everywhere)
    this.#giveBack(addressKey(this.#peer))
  }

  #giveBack(key: string): void {
    this.#house.ledger.add(key, -1).catch((thrown: unknown) => {
      const text = `the ledger did not take back a place: ${asError(thrown).message}`
      this.#house.events.emit({ kind: 'warning', ...this.#who(), text })
    })
  }

  /** The same words for a name that is not known and for a wrong password. */
  async #refuse(user: string, reason: string): Promise<Refusal> {
    const { clock, limits, events } = this.#house
    this.#tries += 1
    events.emit({ kind: 'login-failed', ...this.#who(), user, reason })
    await new Promise<void>((resolve) => clock.after(limits.failedLoginDelayMs, resolve))
    const final = this.#tries >= limits.triesPerConnection
    return { refused: true, final, text: final ? 'Login incorrect, and too often.' : 'Login incorrect.' }
  }

  #who(): { session: string; protocol: Protocol; peer: Peer } {
    return { session: this.id, protocol: this.#protocol, peer: this.#peer }
  }
}

/** What a guest is given who was let in. */
class GuestSession implements Session {
  readonly id: string
  readonly protocol: Protocol
  readonly peer: Peer
  readonly account: Account
  readonly files: Store
  readonly #guest: Guest

  constructor(guest: Guest, protocol: Protocol, peer: Peer, account: Account, policies: readonly Policy[]) {
    this.#guest = guest
    this.id = guest.id
    this.protocol = protocol
    this.peer = peer
    this.account = account
    this.files = guard(account.home, this, policies)
  }

  get signal(): AbortSignal {
    return this.#guest.signal
  }
}
