import type { Clock } from '../core/clock.ts'
import { FileError, NetworkError, ProtocolError } from '../core/error.ts'
import type { OpenFile } from '../core/store.ts'
import { FromNetascii } from './netascii.ts'
import type { Terms } from './options.ts'
import { encodePacket, type ErrorPacket, type Packet } from './packet.ts'
import {
  beginReceive,
  stepReceive,
  type ReceiveInput,
  type ReceiveOutput,
  type ReceiveState,
} from './receive.ts'
import { Alarm } from './alarm.ts'
import type { Course } from './course.ts'
import type { Link } from './link.ts'

export interface ReceivingParts {
  readonly clock: Clock
  readonly link: Link
  readonly terms: Terms
  readonly netascii: boolean
  /** What is said before the first block; undefined: it has come already. */
  readonly greeting: Packet | undefined
  /** Whether the peer is known to be there: for a client, who asked; not for a server, who was. */
  readonly verified: boolean
  /** What it means that the peer said ERROR. */
  readonly stopped: (packet: ErrorPacket) => Error
}

/** Where the bytes go, in their order: the writing half of an OpenFile. */
export type Taker = Pick<OpenFile, 'write'>

/** How many bytes may wait for the store. */
const mostWaiting = 1024 * 1024

/** Receives a file: the machine says what, and here are the store, the link and the clock. */
export class Receiving implements Course {
  readonly #parts: ReceivingParts
  readonly #alarm: Alarm
  readonly #received = Promise.withResolvers<void>()
  readonly #lingered = Promise.withResolvers<void>()
  readonly #lines: FromNetascii | undefined
  #file: Taker | undefined
  #state: ReceiveState
  #pieces: Uint8Array[] = []
  #at = 0
  #writing = false
  #storing: Promise<void> | undefined
  #failed = false
  #lossy = false

  constructor(parts: ReceivingParts) {
    const { clock, terms, netascii, verified } = parts
    this.#parts = parts
    this.#alarm = new Alarm(clock, () => this.#step({ kind: 'time' }))
    this.#lines = netascii ? new FromNetascii() : undefined
    const { window, rollover, timeoutMs, silenceMs, blockSize } = terms
    const most = Math.max(window, Math.floor(mostWaiting / blockSize))
    const how = { verified, window, rollover, timeoutMs, silenceMs, mostWaiting: most }
    this.#state = beginReceive(how, clock.ticks())[0]
    // Whoever runs it hears of a failure; one that comes between its waits must not end the process.
    this.#received.promise.catch(() => undefined)
  }

  /** Whether packets were seen to be lost. */
  get lossy(): boolean {
    return this.#lossy
  }

  /** Resolves when every byte is with the store. The last one is acknowledged later, by `confirm`. */
  async run(file: Taker): Promise<void> {
    this.#file = file
    this.#perform([{ kind: 'offer' }])
    this.#alarm.set(this.#state.pace.deadline)
    try {
      await this.#received.promise
    } catch (thrown) {
      this.#failed = true
      this.#alarm.cancel()
      // No write may be under way when the file is aborted.
      await this.#storing
      throw thrown
    }
  }

  /** The file is safe: says so, and says it again if the peer did not hear. */
  async confirm(): Promise<void> {
    this.#step({ kind: 'kept' })
    await this.#lingered.promise
    this.#alarm.cancel()
  }

  take(packet: Packet): void {
    switch (packet.kind) {
      case 'data':
        return this.#takeData(packet.block, packet.bytes)
      case 'error':
        return this.end(this.#parts.stopped(packet))
      case 'oack':
        // The server did not hear that we have heard it.
        if (this.#parts.verified) this.askedAgain()
        return
      case 'ack':
      case 'request':
        return
    }
  }

  askedAgain(): void {
    this.#step({ kind: 'asked-again' })
  }

  end(reason: Error): void {
    this.#received.reject(reason)
    this.#lingered.resolve()
  }

  #takeData(number: number, bytes: Uint8Array): void {
    const { blockSize } = this.#parts.terms
    if (bytes.length > blockSize) {
      this.end(new ProtocolError(`a block has more than ${blockSize} bytes`))
      return
    }
    const outputs = this.#step({ kind: 'data', number, last: bytes.length < blockSize })
    if (!outputs.some(({ kind }) => kind === 'take')) return
    this.#pieces.push(this.#lines?.decode(bytes) ?? bytes)
    if (this.#state.phase === 'storing' && this.#lines !== undefined) this.#pieces.push(this.#lines.end())
    if (!this.#writing) this.#storing = this.#store()
  }

  #step(input: ReceiveInput): readonly ReceiveOutput[] {
    if (this.#failed) return []
    const [state, outputs] = stepReceive(this.#state, input, this.#parts.clock.ticks())
    this.#state = state
    if (state.resent) this.#lossy = true
    this.#perform(outputs)
    this.#alarm.set(state.pace.deadline)
    return outputs
  }

  #perform(outputs: readonly ReceiveOutput[]): void {
    const { link, greeting } = this.#parts
    for (const output of outputs) {
      switch (output.kind) {
        case 'offer':
          if (greeting !== undefined) link.send(encodePacket(greeting))
          break
        case 'ack':
          link.send(encodePacket({ kind: 'ack', block: output.number }))
          break
        case 'take':
          break // whoever has the bytes looks for it
        case 'done':
          this.#lingered.resolve()
          break
        case 'failed':
          this.#received.reject(new NetworkError('timeout', output.reason))
          break
      }
    }
  }

  /** Writes what has come, all of it in one go, until nothing is left. */
  async #store(): Promise<void> {
    this.#writing = true
    try {
      while (this.#pieces.length > 0 && !this.#failed) {
        const pieces = this.#pieces.filter((piece) => piece.length > 0)
        const block = this.#state.received
        this.#pieces = []
        if (pieces.length > 0) await this.#file?.write(pieces, this.#at)
        for (const piece of pieces) this.#at += piece.length
        this.#step({ kind: 'stored', block })
      }
      if (this.#state.phase === 'storing') this.#arrived()
    } catch (thrown) {
      this.#received.reject(thrown)
    }
    this.#writing = false
  }

  /** A client that was cut off may still have sent a short block: the size it told must be there. */
  #arrived(): void {
    const { announced } = this.#parts.terms
    if (announced !== undefined && this.#lines === undefined && this.#at < announced) {
      const text = `${this.#at} bytes came of the ${announced} that tsize told`
      this.#received.reject(new FileError('aborted', text))
    } else this.#received.resolve()
  }
}
