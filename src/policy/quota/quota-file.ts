import { FileError } from '../../core/error.ts'
import type { OpenFile } from '../../core/store.ts'
import { PassingFile } from '../passing.ts'
import type { AccountQuota } from './account-quota.ts'
import type { Growing } from './growing.ts'

/** Books each write before it is made, and at the end what the file really is. */
export class QuotaFile extends PassingFile {
  readonly #quota: AccountQuota
  readonly #growing: Growing
  readonly #writes = new Set<Promise<void>>()
  #ends = false
  #over = false

  constructor(inner: OpenFile, quota: AccountQuota, growing: Growing) {
    super(inner)
    this.#quota = quota
    this.#growing = growing
  }

  override async write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    // One that comes behind the end, from work that was stopped, would book what nobody gives back.
    if (this.#ends) throw new FileError('invalid', 'the file is closed')
    const write = this.#write(pieces, at)
    this.#writes.add(write)
    try {
      await write
    } finally {
      this.#writes.delete(write)
    }
  }

  override async close(): Promise<void> {
    this.#ends = true
    await this.#measure()
    await this.inner.close()
    await this.#settle()
  }

  override async abort(reason: Error): Promise<void> {
    this.#ends = true
    await this.#measure()
    try {
      await this.inner.abort(reason)
    } finally {
      await this.#settle()
    }
  }

  async #write(pieces: readonly Uint8Array[], at: number): Promise<void> {
    const end = at + pieces.reduce((sum, piece) => sum + piece.length, 0)
    // A place that is none is the store's to refuse.
    if (at >= 0 && Number.isSafeInteger(end) && end > this.#growing.booked) await this.#book(end)
    await this.inner.write(pieces, at)
  }

  async #book(end: number): Promise<void> {
    const growing = this.#growing
    const before = growing.turn
    const booking = this.#bookBehind(before, end)
    growing.turn = booking.catch(() => undefined)
    await booking
  }

  async #bookBehind(before: Promise<unknown>, end: number): Promise<void> {
    await before
    const growing = this.#growing
    // While it is booked another may cut the file, which gives back what was booked before.
    for (let missing = end - growing.booked; missing > 0; missing = end - growing.booked) {
      await this.#quota.takeBytes(missing)
      growing.booked += missing
    }
  }

  /**
   * Looks how long it is, once all writes are done. Kept with the file, as whoever writes behind this look looks later: the last to
   * end need not be the last to have looked. Where the store cannot say, what is booked stays so.
   */
  async #measure(): Promise<void> {
    await Promise.allSettled(this.#writes)
    try {
      this.#growing.size = (await this.inner.stat()).size
    } catch {
      this.#growing.size = undefined
    }
  }

  async #settle(): Promise<void> {
    if (this.#over) return
    this.#over = true
    const growing = this.#growing
    growing.opens -= 1
    if (growing.opens > 0) return
    this.#quota.end(growing)
    const stays = growing.gone ? 0 : (growing.size ?? growing.booked)
    this.#quota.giveBytes(growing.booked - stays)
    growing.booked = stays
    await this.#quota.settle()
    this.#quota.tellWriting()
  }
}
