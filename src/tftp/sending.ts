import type { Clock } from '../core/clock.ts'
import { NetworkError } from '../core/error.ts'
import { blockNumber } from './block-number.ts'
import type { Terms } from './options.ts'
import { dataHeader, encodePacket, putDataHeader, type ErrorPacket, type Packet } from './packet.ts'
import { beginSend, stepSend, type SendInput, type SendOutput, type SendState } from './send.ts'
import { Alarm } from './alarm.ts'
import { peersError, type Course } from './course.ts'
import type { Link } from './link.ts'
import type { Source } from './source.ts'

export interface SendingParts {
  readonly clock: Clock
  readonly link: Link
  readonly source: Source
  readonly terms: Terms
  /** Whether the peer is known to be there: for a client, who asked; not for a server, who was. */
  readonly verified: boolean
  /** What it means that the peer said ERROR. */
  readonly stopped: (packet: ErrorPacket) => Error
}

/** How it ended that did not fail. */
export type SendingEnd =
  | { readonly kind: 'complete' }
  /** The client wanted to know the size and nothing more: UEFI firmware asks so before each file. */
  | { readonly kind: 'probe'; readonly text: string }

/** How many blocks are ready in lockstep, and how many bytes they may have: large ones are not worth the memory. */
const framesInLockstep = 16
const bytesInLockstep = 64 * 1024

/** Sends a file: the machine says what, and here are the bytes, the link and the clock. */
export class Sending implements Course {
  readonly #parts: SendingParts
  readonly #alarm: Alarm
  readonly #ended = Promise.withResolvers<SendingEnd>()
  readonly #frames: Uint8Array[] = []
  /** How many frames there may be; one is used again once its block was acknowledged. */
  readonly #mostFrames: number
  #state: SendState
  /** How many blocks were put into frames. */
  #filled = 0
  /** How many bytes of the next one are in its frame. */
  #begun = 0
  #lastFrame: Uint8Array | undefined
  #reading = false
  #over = false

  constructor(parts: SendingParts) {
    const { clock, terms, verified } = parts
    this.#parts = parts
    this.#alarm = new Alarm(clock, () => this.#step({ kind: 'time' }))
    const { window, rollover, timeoutMs, silenceMs, blockSize } = terms
    this.#mostFrames = Math.max(
      2 * window,
      Math.min(framesInLockstep, Math.floor(bytesInLockstep / blockSize)),
    )
    const how = {
      offer: !verified && terms.accepted.length > 0,
      verified,
      window,
      rollover,
      timeoutMs,
      silenceMs,
    }
    this.#state = beginSend(how, clock.ticks())[0]
  }

  /** Resolves when the peer has everything, or wanted nothing. */
  async run(): Promise<SendingEnd> {
    try {
      // Until an OACK is acknowledged nothing is read: the address may be forged, or only the size be wanted.
      if (this.#state.phase === 'offering') this.#perform([{ kind: 'offer' }])
      else this.#fill()
      this.#alarm.set(this.#state.pace.deadline)
      return await this.#ended.promise
    } finally {
      this.#over = true
      this.#alarm.cancel()
      await this.#parts.source.end()
    }
  }

  take(packet: Packet): void {
    switch (packet.kind) {
      case 'ack':
        this.#step({ kind: 'ack', number: packet.block })
        if (this.#state.phase === 'sending' && this.#isLow) this.#fill()
        return
      case 'error':
        if (this.#state.phase === 'offering') this.#ended.resolve({ kind: 'probe', text: peersError(packet) })
        else this.end(this.#parts.stopped(packet))
        return
      case 'data':
      case 'oack':
      case 'request':
        // Nothing that belongs here; what is wrong costs the peer its own time only.
        return
    }
  }

  askedAgain(): void {
    this.#step({ kind: 'asked-again' })
  }

  end(reason: Error): void {
    this.#ended.reject(reason)
  }

  #step(input: SendInput): void {
    if (this.#over) return
    const [state, outputs] = stepSend(this.#state, input, this.#parts.clock.ticks())
    this.#state = state
    this.#perform(outputs)
    this.#alarm.set(state.pace.deadline)
  }

  #perform(outputs: readonly SendOutput[]): void {
    const { link, terms } = this.#parts
    for (const output of outputs) {
      switch (output.kind) {
        case 'offer':
          link.send(encodePacket({ kind: 'oack', options: terms.accepted }))
          break
        case 'data':
          for (let block = output.from; block <= output.to; block += 1) link.send(this.#frameOf(block))
          break
        case 'done':
          this.#over = true
          this.#ended.resolve({ kind: 'complete' })
          break
        case 'failed':
          this.#over = true
          this.#ended.reject(new NetworkError('timeout', output.reason))
          break
      }
    }
  }

  #frameOf(block: number): Uint8Array {
    if (this.#lastFrame !== undefined && block === this.#filled) return this.#lastFrame
    const frame = this.#frames[(block - 1) % this.#mostFrames]
    if (frame === undefined) throw new Error('a block has a frame')
    return frame
  }

  /** Whether half of the frames or fewer are left: in lockstep several are filled at a time. */
  get #isLow(): boolean {
    return this.#filled - this.#state.acked <= this.#mostFrames / 2
  }

  /**
   * Fills the frames of this window and of the next, which leaves with no delay once this one is acknowledged: the work
   * is done while the peer does its own. Asks for more bytes where they are not at hand.
   */
  #fill(): void {
    const { blockSize, rollover } = this.#parts.terms
    const before = this.#filled
    while (this.#lastFrame === undefined && this.#filled < this.#state.acked + this.#mostFrames) {
      const index = this.#filled % this.#mostFrames
      const frame = (this.#frames[index] ??= Buffer.allocUnsafeSlow(dataHeader + blockSize))
      this.#begun += this.#parts.source.take(frame.subarray(dataHeader + this.#begun))
      if (this.#begun < blockSize && !this.#parts.source.atEnd) {
        void this.#readMore()
        break
      }
      this.#filled += 1
      putDataHeader(frame, blockNumber(this.#filled, rollover))
      if (this.#begun < blockSize) this.#lastFrame = frame.subarray(0, dataHeader + this.#begun)
      this.#begun = 0
    }
    const whole = this.#lastFrame !== undefined
    if (this.#filled > before) this.#step({ kind: 'ready', block: this.#filled, whole })
  }

  async #readMore(): Promise<void> {
    if (this.#reading) return
    this.#reading = true
    try {
      await this.#parts.source.more()
      this.#reading = false
      if (!this.#over) this.#fill()
    } catch (thrown) {
      this.#ended.reject(thrown)
    }
  }
}
