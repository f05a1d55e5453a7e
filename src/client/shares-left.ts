import { FileError } from '../core/error.ts'
import type { Path } from '../core/path.ts'
import type { OpenFile, Store } from '../core/store.ts'
import { transfer } from '../core/transfer.ts'

/** A part of a file that is being copied: it goes on at `at`, which moves. */
export interface Share {
  at: number
  readonly until: number
}

/** A smaller share than this is not worth a connection. */
const smallest = 1024 * 1024

/** So many bytes may have to come again after a crash. */
const notedEvery = 64 * 1024 * 1024

/** No list of shares is longer. */
const longest = 64 * 1024

/**
 * Which shares of a file are left, noted in a small file beside it. What is noted as there was safe on the disk before: a
 * store that cannot promise that gets no notes, and copies into it begin anew.
 */
export class SharesLeft {
  readonly #store: Store
  readonly #path: Path
  #unnoted = 0
  #before = 0
  #noting: Promise<void> | undefined

  constructor(store: Store, path: Path) {
    this.#store = store
    this.#path = path
  }

  /** The shares that an earlier copy of this file left; undefined: there is none to go on with. */
  async read(part: Path, size: number): Promise<readonly Share[] | undefined> {
    try {
      if ((await this.#store.stat(part)).kind !== 'file') return undefined
      const file = await this.#store.open(this.#path, { read: true })
      const bytes = new Uint8Array(longest)
      const length = await transfer(file, () => file.read(bytes, 0))
      return sharesIn(new TextDecoder().decode(bytes.subarray(0, length)), size)
    } catch (thrown) {
      if (thrown instanceof FileError && thrown.fault === 'not-found') return undefined
      throw thrown
    }
  }

  /** Cuts the largest shares until there are enough of them, or they would be too small. */
  divide(shares: readonly Share[], wanted: number): Share[] {
    const cuts = shares
      .filter(({ at, until }) => at < until)
      .map(({ at, until }) => ({ at, until, pieces: 1 }))
    for (let count = cuts.length; count < wanted; count += 1) {
      const largest = cuts.toSorted((a, b) => widthOf(b) - widthOf(a))[0]
      if (largest === undefined || (largest.until - largest.at) / (largest.pieces + 1) < smallest) break
      largest.pieces += 1
    }
    return cuts.flatMap(({ at, until, pieces }) => {
      const share = Math.ceil((until - at) / pieces)
      return Array.from({ length: pieces }, (_, index) => ({
        at: at + index * share,
        until: Math.min(at + (index + 1) * share, until),
      }))
    })
  }

  /** Bytes have moved: once there are enough of them, what is left is noted while more come. */
  note(target: OpenFile, shares: readonly Share[]): void {
    if (target.sync === undefined || this.#noting !== undefined) return
    const left = leftOf(shares)
    if (this.#before === 0) this.#before = left
    this.#unnoted = this.#before - left
    if (this.#unnoted < notedEvery) return
    this.#before = left
    this.#noting = this.#write(target, shares).finally(() => (this.#noting = undefined))
  }

  /** No more bytes will come; notes what is left, if anything is. */
  async end(target: OpenFile, shares: readonly Share[] | undefined): Promise<void> {
    await this.#noting
    if (shares !== undefined && target.sync !== undefined) await this.#write(target, shares)
  }

  /** The copy is whole. */
  async forget(): Promise<void> {
    try {
      await this.#store.remove(this.#path)
    } catch (thrown) {
      if (!(thrown instanceof FileError) || thrown.fault !== 'not-found') throw thrown
    }
  }

  /** Where no note can be written the copy goes on without one: an older note is still true, half of one is none. */
  async #write(target: OpenFile, shares: readonly Share[]): Promise<void> {
    const text = JSON.stringify(shares.map(({ at, until }) => [at, until]))
    try {
      await target.sync?.()
      const file = await this.#store.open(this.#path, { write: true, create: 'allow', truncate: true })
      await transfer(file, () => file.write([new TextEncoder().encode(text)], 0))
    } catch (thrown) {
      if (!(thrown instanceof FileError)) throw thrown
    }
  }
}

function widthOf({ at, until, pieces }: Share & { readonly pieces: number }): number {
  return (until - at) / pieces
}

function leftOf(shares: readonly Share[]): number {
  return shares.reduce((sum, { at, until }) => sum + until - at, 0)
}

/** Shares as they were noted; undefined: a note that was not finished, or that is not of a file of this size. */
function sharesIn(text: string, size: number): readonly Share[] | undefined {
  let noted: unknown
  try {
    noted = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!Array.isArray(noted)) return undefined
  const shares: Share[] = []
  for (const pair of noted as unknown[]) {
    const [at, until] = Array.isArray(pair) ? (pair as unknown[]) : []
    const sound = Number.isSafeInteger(at) && Number.isSafeInteger(until)
    if (!sound || (at as number) < 0 || (at as number) > (until as number) || (until as number) > size)
      return undefined
    shares.push({ at: at as number, until: until as number })
  }
  return shares
}
