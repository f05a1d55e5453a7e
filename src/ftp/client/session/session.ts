import { NetworkError } from '../../../core/error.ts'
import type { Conn, ConnectOptions } from '../../../core/network.ts'
import type { Path } from '../../../core/path.ts'
import { parsePath, rootPath } from '../../../core/path.ts'
import type { Reply } from '../../wire/reply.ts'
import { agree, type Agreed } from './agree.ts'
import { Control } from './control.ts'
import { askForTls, encrypt, wishOf } from './encrypt.ts'
import { fileError } from '../faults.ts'
import { foreignPaths } from '../foreign-paths.ts'
import { hearGreeting } from './greeting.ts'
import type { ClientHouse } from '../house.ts'
import { logIn } from './login.ts'
import { NotTogether, sayTogether } from './say-together.ts'

/** One control connection that is logged in, and what it has agreed on with the server. */
export class FtpSession {
  readonly control: Control
  readonly house: ClientHouse
  /** What FEAT said, a line each. */
  readonly features: readonly string[]
  /** Whether data connections are encrypted. */
  readonly isPrivate: boolean
  /** Where the login landed. */
  readonly home: Path
  /** Whether it has done something since it was opened: a new one that breaks is not tried again. */
  used = false
  /** When it was lent, or data moved for it last. */
  movedAt = 0
  #type: '' | 'I' | 'A'
  /** What was asked of the features before. */
  readonly #can = new Map<string, boolean>()

  constructor(house: ClientHouse, control: Control, agreed: Agreed) {
    const { isPrivate, features, landing, isBinary } = agreed
    this.house = house
    this.control = control
    this.isPrivate = isPrivate
    this.features = features
    this.home = landing.startsWith('/') ? parsePath(landing) : rootPath
    this.#type = isBinary ? 'I' : ''
  }

  /** Connects, hears the greeting and logs in. */
  static async open(house: ClientHouse, signal: AbortSignal | undefined): Promise<FtpSession> {
    try {
      return await FtpSession.#open(house, signal)
    } catch (thrown) {
      if (!(thrown instanceof NotTogether)) throw thrown
      return FtpSession.#open(house, signal)
    }
  }

  static async #open(house: ClientHouse, signal: AbortSignal | undefined): Promise<FtpSession> {
    const { network, host, port, silenceMs, clock, said } = house
    said('note', `connecting to ${host} port ${port}`)
    const how = { port, timeoutMs: silenceMs, ...(signal === undefined ? {} : { signal }) }
    const conn =
      (await connectElsewhere(house, how)) ??
      (await connecting(house, () => network.connect({ ...how, host })))
    const first = wishOf(house) === 'implicit' ? await encrypt(house, conn, signal) : conn
    const control = new Control(first, { clock, silenceMs, said })
    const stop = (): void => control.destroy(new NetworkError('aborted', 'stopped'))
    signal?.addEventListener('abort', stop, { once: true })
    try {
      await hearGreeting(control, house)
      const encrypted = await askForTls(house, control, signal)
      await logIn(house, control)
      const agreed = await agree(house, control, encrypted)
      house.landed ??= agreed
      control.foreign = foreignPaths(agreed.landing)
      return new FtpSession(house, control, agreed)
    } catch (thrown) {
      control.destroy()
      throw thrown
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }

  /** Whether it has said that bytes are to come as they are. */
  get isBinary(): boolean {
    return this.#type === 'I'
  }

  /** Whether FEAT named it. */
  can(feature: string): boolean {
    const known = this.#can.get(feature)
    if (known !== undefined) return known
    const start = feature.toUpperCase()
    const isNamed = this.features.some((line) => {
      const upper = line.toUpperCase()
      return upper === start || upper.startsWith(`${start} `)
    })
    this.#can.set(feature, isNamed)
    return isNamed
  }

  /** Sends a command that must go well; a refusal is an error about `path`, and so is the wish for more (3xx) where none is. */
  async must(line: string, doing: string, path?: string): Promise<Reply> {
    const reply = await this.control.ask(line)
    this.used = true
    if (reply.code < (hasSecondPart.test(line) ? 400 : 300)) return reply
    throw fileError(reply, doing, path === undefined ? {} : { path })
  }

  /** Sends commands in one write, and gives their replies. Those that do not come are missing, and the session is over then. */
  async askTogether(lines: readonly string[]): Promise<readonly Reply[]> {
    this.used = true
    return sayTogether(this.house, this.control, lines)
  }

  /** Says once what the bytes are: as they are, or lines of text. */
  async type(type: 'I' | 'A'): Promise<void> {
    if (this.#type === type) return
    await this.must(`TYPE ${type}`, `TYPE ${type}`)
    this.#type = type
  }

  /** Says good-bye, and waits for the answer where it is near: over a long way it would cost a round trip for nothing. */
  async quit(): Promise<void> {
    if (!this.control.usable) return
    try {
      await this.control.send('QUIT')
      await this.control.reply(farewellMs)
    } catch {
      // It is leaving anyway.
    }
    this.control.destroy()
  }
}

const farewellMs = 20

const hasSecondPart = /^(?:RNFR|SITE CPFR) /u

/** undefined: there is no other address to go to, or nobody answers there. */
async function connectElsewhere(
  house: ClientHouse,
  how: Omit<ConnectOptions, 'host'>,
): Promise<Conn | undefined> {
  const { elsewhere, network, said } = house
  if (typeof elsewhere === 'string') return undefined
  try {
    return await network.connect({ ...how, host: elsewhere.address })
  } catch (thrown) {
    if (!(thrown instanceof NetworkError) || thrown.fault === 'aborted') throw thrown
    said('note', `nobody answers at ${elsewhere.address}: ${thrown.message}`)
    house.elsewhere = 'given-up'
    return undefined
  }
}

async function connecting<Result>(
  { host, port }: ClientHouse,
  connect: () => Promise<Result>,
): Promise<Result> {
  try {
    return await connect()
  } catch (thrown) {
    if (!(thrown instanceof NetworkError)) throw thrown
    throw new NetworkError(thrown.fault, `cannot connect to ${host} port ${port}: ${thrown.message}`, {
      cause: thrown,
      facts: {
        phase: thrown.fault === 'not-found' ? 'lookup' : 'connect',
        retryable: thrown.fault !== 'not-found',
        connectionUsable: false,
        hint: `ferry doctor ftp://${host}:${port}/ finds out more.`,
      },
    })
  }
}
