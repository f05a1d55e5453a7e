import type { Proof } from '../../core/account.ts'
import type { LoginTry, Refusal, Session, Visitor } from '../../core/session.ts'
import { isOldSignature, isSignature } from '../public-key.ts'
import type { Transport } from '../transport.ts'
import {
  formatAuthFailure,
  formatBanner,
  formatKeyTaken,
  formatPrompts,
  parseAnswers,
  parseAuthRequest,
  signedData,
  type AuthWay,
} from '../wire/auth-messages.ts'
import { disconnectReason, message } from '../wire/message.ts'
import type { SshHouse } from './house.ts'
import { judgeKey, type KeyOffer } from './key-offer.ts'
import { legacyOf, oldIn } from './legacy.ts'

/** Questions about keys and wrong signatures are no logins, and cost us work all the same. */
const mostRequests = 64

/** Wrong signatures; then it ends, as a person never makes one. */
const mostForged = 3

const allMethods = ['publickey', 'password', 'keyboard-interactive'] as const

export interface LoginParts {
  readonly house: SshHouse
  readonly transport: Transport
  readonly visitor: Visitor
  readonly address: string
  readonly entered: (session: Session) => void
}

/** The authentication protocol of SSH (RFC 4252), on the server's side: one try after the other. */
export class Login {
  readonly #parts: LoginParts
  #user = ''
  /** What was right, and not enough. */
  #earlier: Proof[] = []
  #methods: readonly string[] = allMethods
  #requests = 0
  #forged = 0
  /** What a person was asked for. */
  #asked: 'password' | 'code' | undefined
  #greeted = false

  constructor(parts: LoginParts) {
    this.#parts = parts
  }

  async take(number: number, payload: Uint8Array): Promise<void> {
    this.#requests += 1
    if (this.#requests > mostRequests) return this.#tooMany()
    if (number === message.authInfoResponse) return this.#takeAnswers(parseAnswers(payload))
    if (number !== message.authRequest) return this.#fail()
    const { user, service, way } = parseAuthRequest(payload)
    if (service !== 'ssh-connection') {
      await this.#parts.transport.disconnect(
        disconnectReason.serviceNotAvailable,
        `there is no service ${service}`,
      )
      return
    }
    this.#greet()
    this.#asked = undefined
    if (user !== this.#user) {
      // Another user has shown nothing yet (RFC 4252 §5).
      this.#earlier = []
      this.#methods = allMethods
    }
    this.#user = user
    const old = oldIn(this.#parts.transport.agreed).filter((name) => !this.#legacy.includes(name))
    if (old.length > 0) {
      this.#note(`login refused: ${old.join(', ')} is on for this network, and not for ${user}`)
      return this.#fail()
    }
    await this.#try(way)
  }

  get #legacy(): readonly string[] {
    const { house, address } = this.#parts
    return legacyOf(house.settings.legacy, address, this.#user)
  }

  async #try(way: AuthWay): Promise<void> {
    switch (way.kind) {
      case 'none':
        if (await this.#wouldTake({ kind: 'none' })) return this.#login({ kind: 'none' })
        return this.#fail()
      case 'password':
        if (way.changes) return this.#fail()
        return this.#login({ kind: 'password', password: way.password })
      case 'keyboard-interactive':
        return this.#ask(
          this.#earlier.length > 0 && !this.#methods.includes('password') ? 'code' : 'password',
        )
      case 'publickey':
        return this.#tryKey(way)
      case 'unknown':
        return this.#fail()
    }
  }

  async #tryKey({
    algorithm,
    blob,
    signature,
    signed,
  }: Extract<AuthWay, { kind: 'publickey' }>): Promise<void> {
    const { house, transport, address } = this.#parts
    const legacy = this.#legacy
    const offered = { user: this.#user, address, algorithm, blob, nowMs: house.clock.now(), legacy }
    const offer = judgeKey(offered, house.settings)
    if (typeof offer === 'string') {
      this.#note(`key refused: ${offer}`)
      return this.#fail()
    }
    if (signature === undefined) {
      if (!(await this.#wouldTake(offer.proof))) return this.#fail()
      transport.send(formatKeyTaken(algorithm, blob))
      return
    }
    if (!isSigned(offer, signedData(transport.sessionId, signed), signature)) {
      this.#forged += 1
      if (this.#forged > mostForged) return this.#tooMany()
      this.#note('key refused: the signature is wrong')
      return this.#fail()
    }
    await this.#login({ ...offer.proof, signed: true })
  }

  /** Asks a person (RFC 4256): for the password, or behind it for a one-time code. */
  #ask(what: 'password' | 'code'): void {
    this.#asked = what
    const text = what === 'code' ? 'One-time code: ' : 'Password: '
    this.#parts.transport.send(formatPrompts('', '', [{ text, echo: false }]))
  }

  async #takeAnswers([answer = '']: readonly string[]): Promise<void> {
    const asked = this.#asked
    this.#asked = undefined
    if (asked === undefined) return this.#fail()
    await this.#login(
      asked === 'code' ? { kind: 'code', code: answer } : { kind: 'password', password: answer },
      asked === 'password',
    )
  }

  /** `asking`: a person sits there, who can be asked for more at once. */
  async #login(proof: Proof, asking = false): Promise<void> {
    const { visitor, entered } = this.#parts
    const outcome: Session | Refusal = await visitor.login(this.#attempt(proof))
    if (!('refused' in outcome)) {
      this.#parts.transport.send(Uint8Array.of(message.authSuccess))
      entered(outcome)
      return
    }
    if (outcome.wanted !== undefined) {
      this.#earlier.push(proof)
      this.#methods = methodsFor(outcome.wanted)
      if (asking && outcome.wanted.includes('code')) this.#ask('code')
      else this.#fail(true)
      return
    }
    this.#fail()
    if (outcome.final) await this.#tooMany(outcome.text)
  }

  #wouldTake(proof: Proof): Promise<boolean> {
    return this.#parts.visitor.wouldTake(this.#attempt(proof))
  }

  #attempt(proof: Proof): LoginTry {
    const earlier = this.#earlier.length > 0 ? { earlier: this.#earlier } : {}
    return { secure: true, user: this.#user, proof, ...earlier }
  }

  #fail(partial = false): void {
    this.#parts.transport.send(formatAuthFailure(this.#methods, partial))
  }

  #tooMany(text = 'Too many tries to log in.'): Promise<void> {
    return this.#parts.transport.disconnect(disconnectReason.noMoreAuthMethods, text)
  }

  #greet(): void {
    const { banner } = this.#parts.house.settings
    if (!this.#greeted && banner !== '') this.#parts.transport.send(formatBanner(`${banner}\r\n`))
    this.#greeted = true
  }

  #note(line: string): void {
    const { house, visitor } = this.#parts
    if (!house.settings.transcript) return
    const peer = { address: this.#parts.address, port: 0 }
    house.events.emit({ kind: 'said', session: visitor.id, protocol: 'sftp', peer, from: 'server', line })
  }
}

/** By SHA-1 only where the offer says so, which it does for an old device alone. */
function isSigned({ key, algorithm }: KeyOffer, data: Uint8Array, signature: Uint8Array): boolean {
  return algorithm === 'ssh-rsa'
    ? isOldSignature(key, data, signature)
    : isSignature(key, algorithm, data, signature)
}

/** The methods by which these proofs can be shown. */
function methodsFor(wanted: readonly Proof['kind'][]): readonly string[] {
  const methods = new Set<string>()
  for (const kind of wanted) {
    if (kind === 'key') methods.add('publickey')
    if (kind === 'password') methods.add('password')
    if (kind === 'password' || kind === 'code') methods.add('keyboard-interactive')
  }
  return [...methods]
}
