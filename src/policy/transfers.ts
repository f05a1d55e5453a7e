import { FileError } from '../core/error.ts'
import type { Path } from '../core/path.ts'
import type { Policy } from '../core/session.ts'
import type { OpenFile, Opening, Store } from '../core/store.ts'
import { PassingFile, PassingStore } from './passing.ts'

/** Limits how many files a session has open at once. */
export const transferLimit: Policy = (inner, login) => {
  const most = login.account.rules?.transfers
  return most === undefined ? inner : new TransferLimit(inner, most)
}

class TransferLimit extends PassingStore {
  readonly #most: number
  #open = 0

  constructor(inner: Store, most: number) {
    super(inner)
    this.#most = most
  }

  override async open(path: Path, how: Opening): Promise<OpenFile> {
    if (this.#open >= this.#most)
      throw new FileError('busy', `there are ${this.#most} transfers in this session already`, {
        rule: 'transfers',
      })
    this.#open += 1
    try {
      return new CountedFile(await this.inner.open(path, how), () => {
        this.#open -= 1
      })
    } catch (thrown) {
      this.#open -= 1
      throw thrown
    }
  }
}

/** Gives its place back once, when it is over: a `close` that rejects is followed by `abort`. */
class CountedFile extends PassingFile {
  #over: (() => void) | undefined

  constructor(inner: OpenFile, over: () => void) {
    super(inner)
    this.#over = over
  }

  override async close(): Promise<void> {
    await this.inner.close()
    this.#end()
  }

  override async abort(reason: Error): Promise<void> {
    try {
      await this.inner.abort(reason)
    } finally {
      this.#end()
    }
  }

  #end(): void {
    this.#over?.()
    this.#over = undefined
  }
}
