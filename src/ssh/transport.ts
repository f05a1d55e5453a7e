import { randomBytes } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { asError, NetworkError, ProtocolError } from '../core/error.ts'
import type { Conn } from '../core/network.ts'
import { Disconnected } from './disconnected.ts'
import { directionKeys, type Outcome } from './kex/derive-keys.ts'
import { Exchange, type Side } from './kex/exchange.ts'
import type { Agreed } from './kex/negotiate.ts'
import { closedBefore, endingOf, mostFarewellMs } from './ending.ts'
import type { Algorithms } from './offer.ts'
import { Outbox } from './packet/outbox.ts'
import { PacketReader } from './packet/packet-reader.ts'
import { allowed } from './wire/allowed.ts'
import { formatKexInit } from './wire/kex-init.ts'
import { message, type State } from './wire/message.ts'
import {
  formatDisconnect,
  formatExtInfo,
  formatUnimplemented,
  parseDisconnect,
  parseExtInfo,
} from './wire/transport-messages.ts'
import { parseVersion } from './wire/version-line.ts'

/** When keys are exchanged anew, whoever has sent how much. */
export interface RekeyLimits {
  readonly bytes: number
  readonly packets: number
  readonly ms: number
}

/** RFC 4253 §9: after a gigabyte or an hour. RFC 4344 §3.1: long before sequence numbers come round. */
export const usualRekeyLimits: RekeyLimits = { bytes: 2 ** 30, packets: 2 ** 28, ms: 3_600_000 }

export interface TransportOptions {
  readonly conn: Conn
  readonly clock: Clock
  /** Our version line: `SSH-2.0-Ferry_0.1`. */
  readonly version: string
  readonly side: Side
  readonly hostKeyAlgorithms: readonly string[]
  readonly algorithms: Algorithms
  readonly rekey?: Partial<RekeyLimits>
  /** What we can do, told behind the first exchange (RFC 8308). */
  readonly extensions?: Readonly<Record<string, string>>
  readonly layer: Layer
}

/** What runs above the transport: the login, then the channels. */
export interface Layer {
  /** The first key exchange is over. */
  secured(): void | Promise<void>
  /** A message that is no business of the transport's. Its bytes may be kept. */
  take(number: number, payload: Uint8Array): void | Promise<void>
  /** There is room to send again. */
  room(): void
}

/** More messages than this never wait for the end of a key exchange. */
const mostHeld = 4096

/** The transport layer of SSH (RFC 4253), for either side, over one connection. */
export class Transport {
  readonly #options: TransportOptions
  readonly #reader = new PacketReader()
  readonly #outbox: Outbox
  readonly #limits: RekeyLimits
  readonly #held: Uint8Array[] = []
  #exchange: Exchange | undefined
  /** Our keys are the new ones and the other side's not yet. */
  #sentNewKeys = false
  #first = true
  #strict = false
  #sessionId: Uint8Array | undefined
  #agreed: Agreed | undefined
  #theirVersion = ''
  #keysSince = 0
  #ended: Error | undefined
  #waitsForRoom = false
  /** What may come once keys are agreed on: set by the layer above. */
  state: Exclude<State, 'first exchange' | 'exchange'> = 'service'
  /** What the other side can do (RFC 8308). */
  extensions: ReadonlyMap<string, string> = new Map()
  /** When something was last heard, or got on that the other side waits for. */
  activity: number
  #answeredAt = 0
  /** How long the client took to answer in the first key exchange; of a server's side alone. */
  roundTripMs = 0

  constructor(options: TransportOptions) {
    this.#options = options
    this.#limits = { ...usualRekeyLimits, ...options.rekey }
    this.#outbox = new Outbox(options.conn, (reason) => this.end(reason))
    this.activity = options.clock.ticks()
  }

  get theirVersion(): string {
    return this.#theirVersion
  }

  get agreed(): Agreed {
    if (this.#agreed === undefined) throw new Error('nothing is agreed on yet')
    return this.#agreed
  }

  get strict(): boolean {
    return this.#strict
  }

  get sessionId(): Uint8Array {
    if (this.#sessionId === undefined) throw new Error('there is no session yet')
    return this.#sessionId
  }

  /** Why it is over; undefined: it is not. */
  get ended(): Error | undefined {
    return this.#ended
  }

  /** Whether what is sent now goes out soon: who has much to say waits for `room`. */
  get ready(): boolean {
    if (this.#exchange === undefined && !this.#outbox.full) return true
    this.#tellOfRoom()
    return false
  }

  /** Talks until the connection is over, and gives the reason. Never rejects. */
  async run(): Promise<Error> {
    try {
      this.#outbox.addRaw(Buffer.from(`${this.#options.version}\r\n`))
      this.#beginExchange()
      await this.#read()
      this.end(new NetworkError('closed', 'the other side closed the connection'))
    } catch (thrown) {
      await this.#giveUp(asError(thrown))
    }
    return this.#ended ?? new Error('a connection that ended without a reason')
  }

  /** Sends a message, now or behind the key exchange that is going on. Its bytes may be changed at once. */
  send(...pieces: readonly Uint8Array[]): void {
    if (this.#ended !== undefined) return
    if (this.#exchange !== undefined) {
      this.#held.push(Buffer.concat(pieces))
      if (this.#held.length > mostHeld) this.end(new ProtocolError('a key exchange that does not end'))
      return
    }
    this.#outbox.add(pieces)
    if (this.#outbox.bytes > this.#limits.bytes || this.#outbox.packets > this.#limits.packets) this.rekey()
  }

  /** Begins a key exchange if none is going on. */
  rekey(): void {
    if (this.#exchange === undefined && this.#ended === undefined) this.#beginExchange()
  }

  /** The other side is not idle, though it may say nothing. */
  stir(): void {
    this.activity = this.#options.clock.ticks()
  }

  /** To be called now and then: exchanges keys that are too old. */
  tick(): void {
    if (!this.#first && this.#options.clock.ticks() - this.#keysSince > this.#limits.ms) this.rekey()
  }

  /** Says why, and ends the connection. */
  async disconnect(reason: number, text: string): Promise<void> {
    if (this.#ended !== undefined) return
    this.#outbox.add([formatDisconnect(reason, text)])
    await this.#farewell(new NetworkError('closed', text))
  }

  /** Ends the connection at once. Safe to call twice. */
  end(reason: Error): void {
    if (this.#ended !== undefined) return
    this.#ended = reason
    this.#outbox.end()
    this.#reader.end()
    this.#held.length = 0
    this.#options.conn.destroy()
    this.#options.layer.room()
  }

  async #read(): Promise<void> {
    let pieces: readonly Uint8Array[] | undefined = [await this.#readVersion()]
    while (pieces !== undefined) {
      for (const piece of pieces) {
        this.#reader.push(piece)
        for (let work = this.#takeNext(); work !== undefined; work = this.#takeNext()) await work
      }
      if (this.#ended !== undefined) return
      if (this.#outbox.full) await this.#outbox.room()
      pieces = await this.#options.conn.read()
      if (pieces !== undefined) this.stir()
    }
  }

  /** What has come behind the version line. */
  async #readVersion(): Promise<Uint8Array> {
    let bytes: Uint8Array = new Uint8Array(0)
    for (;;) {
      const pieces = await this.#options.conn.read()
      if (pieces === undefined) throw closedBefore(this.#options.side.role, bytes)
      bytes = Buffer.concat([bytes, ...pieces])
      const found = parseVersion(bytes, this.#options.side.role === 'client')
      if (found === undefined) continue
      this.#theirVersion = found.line
      return bytes.subarray(found.used)
    }
  }

  /** Takes what has come, up to what has to be waited for: of most packets nothing has. */
  #takeNext(): void | Promise<void> {
    const reader = this.#reader
    while (this.#ended === undefined) {
      const payload = reader.next()
      if (payload === undefined) break
      const work = this.#take(payload)
      if (work !== undefined) return work
    }
    if (reader.bytes > this.#limits.bytes || reader.packets > this.#limits.packets) this.rekey()
    return undefined
  }

  #take(payload: Uint8Array): void | Promise<void> {
    const number = payload[0] ?? 0
    switch (allowed(this.#state(), number, this.#strict)) {
      case 'no':
        throw new ProtocolError(`message ${number} is not allowed now`)
      case 'unknown':
        this.send(formatUnimplemented((this.#reader.sequence - 1) >>> 0))
        return undefined
      case 'yes':
        break
    }
    if (
      number >= message.authRequest ||
      number === message.serviceRequest ||
      number === message.serviceAccept
    )
      return this.#options.layer.take(number, payload)
    if (number >= message.kexInit) return this.#takeExchange(number, payload)
    if (number === message.disconnect) throw new Disconnected(parseDisconnect(payload))
    if (number === message.extInfo) this.extensions = parseExtInfo(payload)
    // ignore, debug and unimplemented ask for nothing.
    return undefined
  }

  #state(): State {
    if (this.#first) return 'first exchange'
    // Who is logged in may send on under the old keys. RFC 4253 §7.1 forbids that, but Debian's asyncssh does it, and OpenSSH takes it.
    return this.#exchange?.running === true && this.state !== 'running' ? 'exchange' : this.state
  }

  #beginExchange(): void {
    const init = formatKexInit(this.#offer(), randomBytes(16))
    const versions = { mine: this.#options.version, theirs: () => this.#theirVersion }
    this.#exchange = new Exchange(this.#options.side, versions, init)
    this.#outbox.add([init])
  }

  #offer() {
    const { algorithms, hostKeyAlgorithms, side } = this.#options
    const marks = side.role === 'server' ? ['kex-strict-s-v00@openssh.com'] : clientMarks
    return {
      kex: this.#first ? [...algorithms.kex, ...marks] : algorithms.kex,
      hostKeys: hostKeyAlgorithms,
      ciphersToServer: algorithms.ciphers,
      ciphersToClient: algorithms.ciphers,
      macsToServer: algorithms.macs,
      macsToClient: algorithms.macs,
      compressionToServer: ['none'],
      compressionToClient: ['none'],
      guessed: false,
    }
  }

  async #takeExchange(number: number, payload: Uint8Array): Promise<void> {
    if (number === message.kexInit) this.rekey()
    const exchange = this.#exchange
    if (exchange === undefined) throw new ProtocolError(`message ${number} came outside of a key exchange`)
    if (number === message.newKeys) return this.#takeNewKeys(exchange)
    const answers = await exchange.take(payload)
    if (number === message.kexInit && this.#first) this.#mindStrictness(exchange)
    for (const answer of answers) this.#outbox.add([answer])
    if (exchange.done !== undefined && !this.#sentNewKeys) this.#sendNewKeys(exchange)
    this.#answeredAt = this.#options.clock.ticks()
  }

  /** Strict key exchange (kex-strict, against Terrapin): nothing may have come before the first KEXINIT. */
  #mindStrictness(exchange: Exchange): void {
    const mark =
      this.#options.side.role === 'server' ? 'kex-strict-c-v00@openssh.com' : 'kex-strict-s-v00@openssh.com'
    this.#strict = exchange.theirs?.kex.includes(mark) === true
    if (this.#strict && this.#reader.sequence !== 1)
      throw new ProtocolError('something came before the first KEXINIT')
  }

  #sendNewKeys(exchange: Exchange): void {
    const outcome = this.#outcome(exchange)
    const { agreed } = exchange
    const toServer = this.#options.side.role === 'client'
    const [cipher, mac] = toServer
      ? [agreed.cipherToServer, agreed.macToServer]
      : [agreed.cipherToClient, agreed.macToClient]
    this.#outbox.add([Uint8Array.of(message.newKeys)])
    this.#outbox.use(cipher.sealer(directionKeys(outcome, toServer, cipher, mac), mac))
    if (this.#strict) this.#outbox.sequence = 0
    this.#sentNewKeys = true
    const { extensions } = this.#options
    const asked = exchange.theirs?.kex.some((name) => name.startsWith('ext-info-')) === true
    if (this.#first && asked && extensions !== undefined) this.#outbox.add([formatExtInfo(extensions)])
  }

  #outcome(exchange: Exchange): Outcome {
    const { done } = exchange
    if (done === undefined) throw new ProtocolError('NEWKEYS came before the keys were agreed on')
    this.#sessionId ??= done.exchangeHash
    return { ...done, hash: exchange.agreed.kex.hash, sessionId: this.#sessionId }
  }

  async #takeNewKeys(exchange: Exchange): Promise<void> {
    const outcome = this.#outcome(exchange)
    const { agreed } = exchange
    const toServer = this.#options.side.role === 'server'
    const [cipher, mac] = toServer
      ? [agreed.cipherToServer, agreed.macToServer]
      : [agreed.cipherToClient, agreed.macToClient]
    this.#reader.use(cipher.opener(directionKeys(outcome, toServer, cipher, mac), mac))
    if (this.#strict) this.#reader.sequence = 0
    this.#agreed = agreed
    this.#exchange = undefined
    this.#sentNewKeys = false
    this.#keysSince = this.#options.clock.ticks()
    for (const held of this.#held.splice(0)) this.#outbox.add([held])
    if (this.#first) {
      this.#first = false
      this.roundTripMs = this.#keysSince - this.#answeredAt
      await this.#options.layer.secured()
    } else this.#options.layer.room()
  }

  #tellOfRoom(): void {
    // The end of an exchange tells by itself.
    if (this.#waitsForRoom || !this.#outbox.full) return
    this.#waitsForRoom = true
    void this.#whenRoom()
  }

  async #whenRoom(): Promise<void> {
    await this.#outbox.room()
    this.#waitsForRoom = false
    try {
      this.#options.layer.room()
    } catch (thrown) {
      // Nobody else would hear of it, and it must not end the process.
      this.end(asError(thrown))
    }
  }

  async #giveUp(reason: Error): Promise<void> {
    if (this.#ended !== undefined) return
    const { code, text, raw } = endingOf(reason)
    if (raw !== undefined) this.#outbox.addRaw(Buffer.from(`${raw}\r\n`))
    else if (code !== undefined) this.#outbox.add([formatDisconnect(code, text)])
    await this.#farewell(reason)
  }

  /** Lets the last words out, for a while. */
  async #farewell(reason: Error): Promise<void> {
    const late = this.#options.clock.after(mostFarewellMs, () => this.end(reason))
    await this.#outbox.drained()
    late.cancel()
    if (this.#ended === undefined) {
      try {
        await this.#options.conn.end()
      } catch {
        // It broke meanwhile, which is an end as well.
      }
    }
    this.end(reason)
  }
}

const clientMarks = ['ext-info-c', 'kex-strict-c-v00@openssh.com']
