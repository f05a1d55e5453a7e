import { FileError, NetworkError } from '../../../core/error.ts'
import type { Path } from '../../../core/path.ts'
import type { Opening } from '../../../core/store.ts'
import { notWhole } from './not-whole.ts'
import type { FtpSession } from '../session/session.ts'
import { NotTogether } from '../session/say-together.ts'
import { askTold, askToldLast, became, isAnother, toldBy, type Told } from './told.ts'

/** What is known of a file before it is fetched. */
export interface Wanted {
  readonly path: Path
  /** What the bytes are: in A their places are not those of the file over there. */
  readonly type: 'I' | 'A'
  /** What is known of it already: how long it is by a listing that has just come, and what it was when it was looked at. */
  readonly how: Pick<Opening, 'expected' | 'known'>
}

/** Where the answers were lost the session is: what asks again asks another. */
async function askInStep(session: FtpSession, path: Path, type: 'I' | 'A'): Promise<Told> {
  try {
    return await askTold(session, path, type)
  } catch (thrown) {
    if (thrown instanceof NotTogether) throw new NetworkError('closed', thrown.message, { cause: thrown })
    throw thrown
  }
}

/** What a file that is fetched is by its server's word, and whether it is still that. */
export class ExpectedFile {
  /** undefined: nobody tells. */
  size: number | undefined
  /** Whether it became longer while it was sent. */
  grew = false
  readonly #wanted: Wanted
  /** Whether the size comes from a listing: where something else arrives, SIZE has the word. */
  #byListing = false
  /** What the server told of the file before its bytes came. */
  #before: Told | undefined

  constructor(wanted: Wanted) {
    this.#wanted = wanted
  }

  /** Before the first byte: what is known is not asked again, and where it is gone on with it must be true. */
  async begin(session: FtpSession, from: number): Promise<void> {
    const { path, type, how } = this.#wanted
    const { known, expected: listed } = how
    const before = known === undefined || type === 'A' ? undefined : toldBy(known)
    // A listing tells the size in TYPE I.
    this.#byListing = from === 0 && listed !== undefined && type === 'I'
    this.#before = this.#byListing ? before : await askTold(session, path, type)
    this.size = this.#byListing ? listed : this.#before?.size
    if (from > 0 && before !== undefined && this.#before !== undefined && isAnother(before, this.#before))
      throw notWhole.changed(path, from, this.size)
    if (this.size !== undefined && from > this.size) {
      throw new FileError('invalid', `download ${path}: the file ends before byte ${from}`, {
        facts: { path },
      })
    }
  }

  /** Before it goes on behind what came: false where nobody tells how long it is. */
  async goOn(session: FtpSession, arrived: number): Promise<boolean> {
    const { path, type } = this.#wanted
    const now = await askTold(session, path, type)
    if (arrived === 0) {
      this.#byListing = false
      this.#before = now
      this.size = now.size
      return true
    }
    if (now.size === undefined && this.#byListing) return false
    const isOther = this.#before !== undefined && isAnother(this.#before, now)
    if (isOther || now.size !== this.size) throw notWhole.changed(path, arrived, this.size)
    return true
  }

  /** Whether anything was told by which a change could be seen. */
  get isTold(): boolean {
    return this.#before?.modified !== undefined || this.#before?.id !== undefined
  }

  /** All came that should: whether it stayed what it was is asked where that costs next to nothing. */
  async end(session: FtpSession, arrived: number): Promise<void> {
    this.#judge(await askToldLast(session, this.#wanted.path, this.#wanted.type), arrived)
  }

  /** Something else came. Since the listing the file may have become another one, and some listings round; since SIZE it may have grown. */
  async askAgain(session: FtpSession, arrived: number): Promise<number | undefined> {
    const { path, type } = this.#wanted
    const isLonger = this.size !== undefined && arrived > this.size
    const told = await askInStep(session, path, type)
    this.#judge(told, arrived)
    if (this.grew || (!this.#byListing && !isLonger)) return undefined
    const { size } = told
    // What grows on and on is as whole as it was when the server began to send it.
    if (this.#byListing ? size !== undefined || isLonger : size === arrived) this.size = size
    this.#byListing &&= size === undefined && !isLonger
    return size
  }

  /** Foreign servers say nothing of a file that was written over while they sent it: its time does. */
  #judge(after: Told | undefined, arrived: number): void {
    if (this.#before === undefined || after === undefined) return
    const { path, type } = this.#wanted
    const what = became(this.#before, after, arrived, type)
    if (what === 'changed') throw notWhole.changed(path, arrived, after.size)
    this.grew = what === 'grown'
  }
}
