import { randomBytes } from 'node:crypto'
import type { Account, Protocol, Verdict } from '../core/account.ts'
import { asError, FileError } from '../core/error.ts'
import type { Peer } from '../core/network.ts'
import type { LoginTry, Refusal, Session, Visitor } from '../core/session.ts'
import type { Store } from '../core/store.ts'
import { accountFault } from './account-fault.ts'
import type { House, VisitorView } from './door.ts'
import { guard } from './index.ts'
import { networkOf } from '../core/network-of.ts'

/** Tells the sessions of this process from those of another whose lines are in the same log. */
const ofThisProcess = randomBytes(3).toString('hex')

/** How many failed logins are delayed at once; of more, each ends its connection at once. */
const mostWaiting = 1000

/** Why signals of a visitor who has left say so: one for all, as the one that Node makes if none is given takes 0.1 ms. */
const over = new FileError('aborted', 'the session has ended')

/** One connection that was let through the door, until it leaves. */
export class Guest implements Visitor {
  readonly id: string
  readonly #house: House
  readonly #protocol: Protocol
  readonly #peer: Peer
  /** What the ledger gets back when the guest leaves. */
  readonly #places: readonly string[]
  /** Made when someone asks: most sessions never need one. */
  #stop: AbortController | undefined
  #session: GuestSession | undefined
  kicked?: (reason: string) => void
  readonly since: number
  #failures = 0
  #left = false
  #trying = false
  /** Ends the delay of a failed login. */
  #wake: (() => void) | undefined

  constructor(house: House, protocol: Protocol, peer: Peer, places: readonly string[]) {
    house.guests += 1
    this.id = `${house.prefix ?? ofThisProcess}-${house.guests.toString(36)}`
    this.#house = house
    this.#protocol = protocol
    this.#peer = peer
    this.#places = places
    this.since = house.clock.now()
    house.inside.set(this.id, this)
    house.events.emit({ kind: 'connected', ...this.#who() })
  }

  get signal(): AbortSignal {
    if (this.#left) return AbortSignal.abort(over)
    this.#stop ??= new AbortController()
    return this.#stop.signal
  }

  async login(how: LoginTry): Promise<Session | Refusal> {
    if (this.#trying) throw new Error('one login at a time')
    this.#trying = true
    try {
      return await this.#try(how)
    } finally {
      this.#trying = false
    }
  }

  async wouldTake(how: LoginTry): Promise<boolean> {
    const verdict = await this.#verify(how)
    return verdict.kind === 'accept' || verdict.kind === 'continue'
  }

  /** What is told of the visitor. */
  get view(): VisitorView {
    const account = this.#session?.account.name
    const { address, port } = this.#peer
    return {
      id: this.id,
      protocol: this.#protocol,
      address,
      port,
      since: this.since,
      ...(account === undefined ? {} : { account }),
    }
  }

  /** Sends the visitor away now. */
  kick(reason: string): void {
    const error = new Error(reason)
    this.kicked?.(reason)
    this.#session?.end(error)
    this.#stop?.abort(error)
  }

  logout(): void {
    const session = this.#session
    this.#session = undefined
    if (session === undefined) return
    session.end(over)
    this.#giveBackSession(session.account)
  }

  leave(): void {
    if (this.#left) return
    this.#left = true
    this.#house.inside.delete(this.id)
    this.logout()
    this.#wake?.()
    this.#stop?.abort(over)
    for (const place of this.#places) this.#giveBack(place)
  }

  async #try(how: LoginTry): Promise<Session | Refusal> {
    const tooOften = await this.#house.admission.trying(this.#peer.address)
    if (tooOften !== undefined) {
      this.#house.events.emit({ kind: 'login-failed', ...this.#who(), user: how.user, ...tooOften })
      return refusal(notNow, true)
    }
    const verdict = await this.#verify(how)
    if (this.#left) return gone
    if (how.proof.kind === 'key' && !how.proof.signed) throw new Error('a question about a key is no login')
    switch (verdict.kind) {
      case 'accept':
        return this.#letIn(verdict.account, how.user)
      case 'continue':
        // Not a failure and not slow: what was shown is right, and what it was is known to who showed it.
        return { ...refusal(incorrect, false), wanted: verdict.wanted }
      case 'refuse':
        return this.#refuse(how.user, verdict.reason, incorrect, verdict.rule)
      case 'unknown':
        return this.#refuse(how.user, verdict.reason, notNow)
    }
  }

  async #verify(how: LoginTry): Promise<Verdict | { kind: 'unknown'; reason: string }> {
    try {
      return await this.#house.accounts.verify({ ...how, protocol: this.#protocol, peer: this.#peer })
    } catch (thrown) {
      // Who knows the accounts opens their homes too.
      const what = thrown instanceof FileError ? 'the home cannot be opened' : 'the accounts cannot be asked'
      return { kind: 'unknown', reason: `${what}: ${asError(thrown).message}` }
    }
  }

  async #letIn(account: Account, user: string): Promise<Session | Refusal> {
    const { events, policies } = this.#house
    this.logout()
    const fault = accountFault(account)
    if (fault !== undefined)
      return this.#refuse(user, `the accounts gave one that cannot be used: it ${fault}`, notNow)
    let home: Store
    try {
      home = (await account.home.atLogin?.()) ?? account.home
    } catch (thrown) {
      return this.#refuse(user, `the home cannot be opened: ${asError(thrown).message}`, notNow)
    }
    let full: string | undefined
    try {
      full = await this.#takeSession(account)
    } catch (thrown) {
      return this.#refuse(user, `the ledger does not answer: ${asError(thrown).message}`, notNow)
    }
    if (full !== undefined) {
      const reason = `the account has ${full} already`
      events.emit({ kind: 'login-failed', ...this.#who(), user, reason, rule: 'sessions' })
      return refusal('There are too many sessions of this account, come back later.', true)
    }
    if (this.#left) {
      this.#giveBackSession(account)
      return gone
    }
    this.#session = new GuestSession(this.id, this.#protocol, this.#peer, account, (session) =>
      guard(home, session, policies),
    )
    events.emit({ kind: 'login', ...this.#who(), account: account.name })
    return this.#session
  }

  /** Counts the session, for the account and for where it is from; what there are too many of where it cannot. */
  async #takeSession(account: Account): Promise<string | undefined> {
    const { ledger } = this.#house
    if (!(await ledger.add(sessionsOf(account), 1, account.sessions))) return `${account.sessions} sessions`
    const most = account.rules?.sessionsPerAddress
    if (most === undefined || (await ledger.add(this.#sessionsFromHere(account), 1, most))) return undefined
    await ledger.add(sessionsOf(account), -1)
    return `${most} sessions from that address`
  }

  #giveBackSession(account: Account): void {
    this.#giveBack(sessionsOf(account))
    if (account.rules?.sessionsPerAddress !== undefined) this.#giveBack(this.#sessionsFromHere(account))
  }

  #sessionsFromHere(account: Account): string {
    return `${sessionsOf(account)} from ${networkOf(this.#peer.address)}`
  }

  /** The same words for a name that is not known and for a wrong password. */
  async #refuse(user: string, reason: string, text: string, rule?: string): Promise<Refusal> {
    this.#failures += 1
    const why = { reason, ...(rule === undefined ? {} : { rule }) }
    this.#house.events.emit({ kind: 'login-failed', ...this.#who(), user, ...why })
    const delayed = await this.#delay()
    const tooOften = this.#failures >= this.#house.limits.triesPerConnection
    return refusal(tooOften ? `${text} That was the last try.` : text, tooOften || !delayed)
  }

  /** False where too many wait already: then it is the new connection that costs the guesser time. */
  async #delay(): Promise<boolean> {
    const { clock, limits } = this.#house
    if (this.#house.waiting >= mostWaiting) return false
    this.#house.waiting += 1
    await new Promise<void>((resolve) => {
      const timer = clock.after(limits.failedLoginDelayMs, resolve)
      this.#wake = () => {
        timer.cancel()
        resolve()
      }
    })
    this.#wake = undefined
    this.#house.waiting -= 1
    return true
  }

  #giveBack(key: string): void {
    this.#house.ledger.add(key, -1).catch((thrown: unknown) => {
      const text = `the ledger did not take back a place: ${asError(thrown).message}`
      this.#house.events.emit({ kind: 'warning', ...this.#who(), text })
    })
  }

  #who(): { session: string; protocol: Protocol; peer: Peer } {
    return { session: this.id, protocol: this.#protocol, peer: this.#peer }
  }
}

const incorrect = 'Login incorrect.'

const notNow = 'Nobody can log in at the moment, try again later.'

const gone: Refusal = refusal('The connection has ended.', true)

function refusal(text: string, final: boolean): Refusal {
  return { refused: true, text, final }
}

function sessionsOf({ name }: Account): string {
  return `sessions of ${name}`
}

/** What a guest is given who was let in. */
class GuestSession implements Session {
  readonly id: string
  readonly protocol: Protocol
  readonly peer: Peer
  readonly account: Account
  readonly files: Store
  #stop: AbortController | undefined
  #ended = false

  constructor(
    id: string,
    protocol: Protocol,
    peer: Peer,
    account: Account,
    files: (session: Session) => Store,
  ) {
    this.id = id
    this.protocol = protocol
    this.peer = peer
    this.account = account
    this.files = files(this)
  }

  get signal(): AbortSignal {
    if (this.#ended) return AbortSignal.abort(over)
    this.#stop ??= new AbortController()
    return this.#stop.signal
  }

  end(reason: Error): void {
    this.#ended = true
    this.#stop?.abort(reason)
  }
}
