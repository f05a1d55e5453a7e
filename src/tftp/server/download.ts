import { NetworkError } from '../../core/error.ts'
import type { OpenFile } from '../../core/store.ts'
import { blockNumber } from '../block-number.ts'
import { toNetascii } from '../netascii.ts'
import type { Terms } from '../options.ts'
import { dataHeader, encodePacket, putDataHeader, type Packet } from '../packet.ts'
import { beginSend, stepSend, type SendInput, type SendOutput, type SendState } from '../send.ts'
import { Alarm } from './alarm.ts'
import { peersError, type Course } from './course.ts'
import type { TftpHouse } from './house.ts'
import type { Link } from './link.ts'
import { ReadAhead } from './read-ahead.ts'

export interface DownloadParts {
  readonly house: TftpHouse
  readonly link: Link
  readonly file: OpenFile
  readonly size: number
  readonly terms: Terms
  readonly netascii: boolean
}

/** How a download ended that did not fail. */
export type DownloadEnd =
  | { readonly kind: 'complete' }
  /** The client wanted to know the size and nothing more: UEFI firmware asks so before each file. */
  | { readonly kind: 'probe'; readonly text: string }

/** Sends a file: the machine says what, and here are the bytes, the link and the clock. */
export class Download implements Course {
  readonly #parts: DownloadParts
  readonly #source: ReadAhead
  readonly #alarm: Alarm
  readonly #ended = Promise.withResolvers<DownloadEnd>()
  /** As many as the window has blocks; a frame is used again once its block was acknowledged. */
  readonly #frames: Uint8Array[] = []
  #state: SendState
  /** How many blocks were put into frames. */
  #filled = 0
  /** How many bytes of the next one are in its frame. */
  #begun = 0
  #lastFrame: Uint8Array | undefined
  #reading = false
  #over = false

  constructor(parts: DownloadParts) {
    const { house, terms, file, size, netascii } = parts
    this.#parts = parts
    this.#source = new ReadAhead(file, size, house.blocks, netascii ? toNetascii : (bytes) => bytes)
    this.#alarm = new Alarm(house.clock, () => this.#step({ kind: 'time' }))
    const { window, rollover, timeoutMs } = terms
    const how = { offer: terms.accepted.length > 0, verified: false, window, rollover, timeoutMs }
    this.#state = beginSend(how, house.clock.ticks())[0]
  }

  /** Resolves when the peer has everything, or wanted nothing. */
  async run(): Promise<DownloadEnd> {
    try {
      // Until an OACK is acknowledged nothing is read: the address may be forged, or only the size be wanted.
      if (this.#state.phase === 'offering') this.#perform([{ kind: 'offer' }])
      else this.#fill()
      this.#alarm.set(this.#state.pace.deadline)
      return await this.#ended.promise
    } finally {
      this.#over = true
      this.#alarm.cancel()
      await this.#source.end()
    }
  }

  take(packet: Packet): void {
    switch (packet.kind) {
      case 'ack':
        this.#step({ kind: 'ack', number: packet.block })
        if (this.#state.phase === 'sending') this.#fill()
        return
      case 'error': {
        const text = peersError(packet)
        if (this.#state.phase === 'offering') this.#ended.resolve({ kind: 'probe', text })
        else this.end(new NetworkError('aborted', `the client stopped: ${text}`))
        return
      }
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
    const { clock } = this.#parts.house
    const [state, outputs] = stepSend(this.#state, input, clock.ticks())
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
    const frame = this.#frames[(block - 1) % this.#parts.terms.window]
    if (frame === undefined) throw new Error('a block has a frame')
    return frame
  }

  /** Fills the frames that the window has room for, and asks for more bytes where they are not at hand. */
  #fill(): void {
    const { window, blockSize, rollover } = this.#parts.terms
    const before = this.#filled
    while (this.#lastFrame === undefined && this.#filled < this.#state.acked + window) {
      const index = this.#filled % window
      const frame = (this.#frames[index] ??= Buffer.allocUnsafeSlow(dataHeader + blockSize))
      this.#begun += this.#source.take(frame.subarray(dataHeader + this.#begun))
      if (this.#begun < blockSize && !this.#source.atEnd) {
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
      await this.#source.more()
      this.#reading = false
      if (!this.#over) this.#fill()
    } catch (thrown) {
      this.#ended.reject(thrown)
    }
  }
}
