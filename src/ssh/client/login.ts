import { LoginError, NetworkError, ProtocolError } from '../../core/error.ts'
import type { SecretWanted } from '../../core/remote.ts'
import { isCertificateName, plainAlgorithm } from '../certificate.ts'
import type { Signer } from '../signer.ts'
import type { Transport } from '../transport.ts'
import {
  authRequest,
  formatAnswers,
  parseAuthFailure,
  parsePrompts,
  signedData,
} from '../wire/auth-messages.ts'
import { message } from '../wire/message.ts'
import { Reader } from '../wire/reader.ts'
import { printable } from '../wire/transport-messages.ts'
import { Writer } from '../wire/writer.ts'
import type { KeyToTry } from './key-to-try.ts'
import { usualSilenceMs, type SshOptions } from './options.ts'

/** How often a person may be asked for one password. */
const mostAsked = 3

/** How many rounds of questions a server may have. */
const mostRounds = 16

type Outcome = 'in' | 'partly' | 'no'

/** The authentication protocol of SSH (RFC 4252), on the client's side: keys, then a password, then questions. */
export class Login {
  readonly #transport: Transport
  readonly #options: SshOptions
  readonly #messages: { number: number; payload: Uint8Array }[] = []
  #waiting: ((message: { number: number; payload: Uint8Array }) => void) | undefined
  /** What the server says may go on. */
  #methods: readonly string[] = []
  #keys: AsyncIterator<KeyToTry> | undefined
  readonly #tried: string[] = []
  /** Keys that came to nothing before the server could judge them, and why. */
  readonly #troubles = new Set<string>()
  #asked = 0
  #usedPassword = false

  constructor(transport: Transport, options: SshOptions) {
    this.#transport = transport
    this.#options = options
  }

  /** A message of the server's. */
  take(number: number, payload: Uint8Array): void {
    if (number === message.authBanner) {
      this.#note(printable(new Reader(payload, 1).text()))
      return
    }
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting !== undefined) waiting({ number, payload })
    else if (this.#messages.length < mostRounds) this.#messages.push({ number, payload })
    else throw new ProtocolError('answers to nothing')
  }

  /** Resolves when we are in; rejects with a LoginError when nothing we have lets us in. */
  async run(): Promise<void> {
    await this.#startService()
    // Which methods there are is only said to who tries one.
    let outcome = await this.#outcomeOf(authRequest(this.#options.user, 'none').done())
    while (outcome !== 'in') {
      const next = await this.#tryNext()
      if (next === undefined) throw this.#notIn()
      outcome = next
    }
  }

  /** No more keys are wanted: whoever gives them may close what they came from. */
  over(): void {
    void this.#keys?.return?.()
  }

  async #startService(): Promise<void> {
    this.#transport.send(new Writer(32).byte(message.serviceRequest).string('ssh-userauth').done())
    const { number } = await this.#next()
    if (number !== message.serviceAccept) throw new ProtocolError('the server offers no login')
    this.#transport.state = 'login'
  }

  /** One more way; undefined: there is none left. */
  async #tryNext(): Promise<Outcome | undefined> {
    if (this.#methods.includes('publickey')) {
      const outcome = await this.#tryKeys()
      if (outcome !== undefined) return outcome
    }
    if (this.#methods.includes('password')) {
      const password = await this.#password()
      if (password !== undefined) return this.#tryPassword(password)
    }
    if (this.#methods.includes('keyboard-interactive') && this.#asked < mostAsked) return this.#tryQuestions()
    return undefined
  }

  async #tryKeys(): Promise<Outcome | undefined> {
    this.#keys ??= this.#options.keys[Symbol.asyncIterator]()
    for (;;) {
      const next = await this.#keys.next()
      if (next.done === true) return undefined
      if ('unusable' in next.value) {
        this.#troubles.add(next.value.unusable)
        continue
      }
      const outcome = await this.#tryKey(next.value)
      if (outcome === 'in' || outcome === 'partly') return outcome
      if (!this.#methods.includes('publickey')) return outcome
    }
  }

  /** Asks first whether the key would be taken: signing may need a passphrase, or a finger on a token. */
  async #tryKey(signer: Signer): Promise<Outcome> {
    const algorithm = this.#algorithmOf(signer)
    if (algorithm === undefined) return 'no'
    this.#tried.push(`the key ${signer.comment || algorithm}`)
    const { user } = this.#options
    const wish = (signed: boolean): Writer =>
      authRequest(user, 'publickey').boolean(signed).string(algorithm).string(signer.blob)
    this.#transport.send(wish(false).done())
    const answer = await this.#next()
    if (answer.number !== message.authMore) return this.#judged(answer)
    const proof = wish(true)
    const data = signedData(this.#transport.sessionId, proof.done())
    const signature = await this.#signature(signer, data, algorithm)
    return signature === undefined ? 'no' : this.#outcomeOf(proof.string(signature).done())
  }

  /** undefined: whoever holds the key does not sign, a person or an agent; the next key may do. */
  async #signature(signer: Signer, data: Uint8Array, algorithm: string): Promise<Uint8Array | undefined> {
    try {
      return await signer.sign(data, algorithm)
    } catch (thrown) {
      if (!(thrown instanceof LoginError || thrown instanceof ProtocolError)) throw thrown
      this.#troubles.add(`${signer.comment || algorithm}: ${thrown.message}`)
      return undefined
    }
  }

  /** What the key signs by and the server takes, as far as it says (RFC 8308 server-sig-algs). */
  #algorithmOf({ algorithms }: Signer): string | undefined {
    const taken = this.#transport.extensions.get('server-sig-algs')?.split(',')
    const old = algorithms.includes('rsa-sha2-512') && this.#options.legacy?.includes('ssh-rsa') === true
    // Who says nothing is old enough to know RSA by SHA-1 alone.
    if (taken === undefined) return old ? 'ssh-rsa' : algorithms[0]
    const found = algorithms.find(
      (name) => taken.includes(name) || (isCertificateName(name) && taken.includes(plainAlgorithm(name))),
    )
    return found ?? (old && taken.includes('ssh-rsa') ? 'ssh-rsa' : undefined)
  }

  async #tryPassword(password: string): Promise<Outcome> {
    this.#tried.push('a password')
    const request = authRequest(this.#options.user, 'password').boolean(false).string(password)
    this.#transport.send(request.done())
    const answer = await this.#next()
    if (answer.number === message.authMore) throw this.#hasExpired(answer.payload)
    return this.#judged(answer)
  }

  /** PASSWD_CHANGEREQ (RFC 4252 §8): it was the right one, and counts no more. */
  #hasExpired(payload: Uint8Array): LoginError {
    const { user, host } = this.#options
    return new LoginError(`the password of ${user} has expired, and ${host} wants a new one`, {
      facts: {
        phase: 'login',
        reply: printable(new Reader(payload, 1).text()),
        retryable: false,
        connectionUsable: false,
        hint: `Change it where the account is kept, or with \`ssh ${user}@${host}\`, and come again.`,
      },
    })
  }

  async #tryQuestions(): Promise<Outcome> {
    this.#tried.push('answers to questions')
    this.#transport.send(authRequest(this.#options.user, 'keyboard-interactive').string('').string('').done())
    for (let round = 0; round < mostRounds; round += 1) {
      const answer = await this.#next()
      if (answer.number !== message.authMore) {
        // Who refuses without a question will do so again, and after a few times end the connection.
        if (round === 0) this.#asked = mostAsked
        return this.#judged(answer)
      }
      const answers = await this.#answer(answer.payload)
      if (answers === undefined) return 'no'
      this.#transport.send(formatAnswers(answers))
    }
    throw new ProtocolError('the server never stops asking')
  }

  /** undefined: the person has no answer. */
  async #answer(payload: Uint8Array): Promise<readonly string[] | undefined> {
    const { instruction, prompts } = parsePrompts(payload)
    if (instruction !== '') this.#note(printable(instruction))
    const answers: string[] = []
    for (const { text } of prompts) {
      const answer = await this.#answerTo(printable(text))
      if (answer === undefined) {
        this.#asked = mostAsked
        return undefined
      }
      answers.push(answer)
    }
    return answers
  }

  async #answerTo(prompt: string): Promise<string | undefined> {
    const forPassword = /password/iu.test(prompt)
    const { password } = this.#options
    if (forPassword && password !== undefined && !this.#usedPassword) {
      this.#usedPassword = true
      return password
    }
    const kind = forPassword ? 'password' : /code|token|otp/iu.test(prompt) ? 'code' : 'answer'
    return this.#ask(kind, prompt)
  }

  async #password(): Promise<string | undefined> {
    const { password } = this.#options
    if (password !== undefined && !this.#usedPassword) {
      this.#usedPassword = true
      return password
    }
    return this.#asked < mostAsked ? this.#ask('password', 'Password') : undefined
  }

  async #ask(kind: SecretWanted['kind'], prompt: string): Promise<string | undefined> {
    const { ask, host, user } = this.#options
    this.#asked += 1
    const secret = await ask.secret({ kind, prompt, host, user, attempt: this.#asked })
    if (secret === undefined) this.#asked = mostAsked
    return secret
  }

  async #outcomeOf(request: Uint8Array): Promise<Outcome> {
    this.#transport.send(request)
    return this.#judged(await this.#next())
  }

  #judged({ number, payload }: { number: number; payload: Uint8Array }): Outcome {
    if (number === message.authSuccess) return 'in'
    if (number !== message.authFailure) throw new ProtocolError(`message ${number} is no answer to a login`)
    const { methods, partial } = parseAuthFailure(payload)
    this.#methods = methods
    return partial ? 'partly' : 'no'
  }

  async #next(): Promise<{ number: number; payload: Uint8Array }> {
    const first = this.#messages.shift()
    if (first !== undefined) return first
    const { clock, silenceMs = usualSilenceMs } = this.#options
    const late = clock.after(silenceMs, () => {
      const text = `the server does not answer the login within ${Math.round(silenceMs / 1000)} s`
      this.#transport.end(new NetworkError('timeout', text, { facts: { phase: 'login', retryable: true } }))
    })
    const message = await new Promise<{ number: number; payload: Uint8Array }>((resolve) => {
      this.#waiting = resolve
    })
    late.cancel()
    return message
  }

  #notIn(): LoginError {
    const { user, host } = this.#options
    const tried = this.#tried.length === 0 ? 'nothing, as there was nothing to try' : this.#tried.join(', ')
    return new LoginError(`${host} does not let ${user} in; tried: ${tried}`, {
      facts: {
        phase: 'login',
        reply: this.#methods.join(','),
        retryable: false,
        connectionUsable: false,
        hint: [`The server takes: ${this.#methods.join(', ') || 'nothing'}.`, ...this.#troubles].join('\n  '),
      },
    })
  }

  #note(line: string): void {
    if (line !== '') this.#options.said?.('server', line)
  }
}
