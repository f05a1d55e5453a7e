import type { Quota } from '../../core/account.ts'
import { FileError } from '../../core/error.ts'
import type { Ledger } from '../../core/ledger.ts'
import { joinPath, rootPath, type Path } from '../../core/path.ts'
import type { Store } from '../../core/store.ts'
import type { Growing } from './quota-file.ts'

/** So many bytes are booked ahead at once, so that not every write is a commit. */
const chunk = 8 * 1024 * 1024

/** Where the counters of an account are. */
export function quotaKeys(name: string): { bytes: string; files: string; dirty: string } {
  return { bytes: `quota bytes of ${name}`, files: `quota files of ${name}`, dirty: `quota dirty of ${name}` }
}

/**
 * What one account keeps. The ledger holds what is used and a pool that is booked ahead; the pool is this process's, and
 * every write takes from it before it is written. Were the process to end in between, too much is booked and never too
 * little, and the account is marked: whoever comes next counts anew.
 */
export class AccountQuota {
  readonly #keys: ReturnType<typeof quotaKeys>
  readonly #ledger: Ledger
  readonly #open = new Map<string, Growing>()
  #pool = 0
  #ready: Promise<void> | undefined
  #turn: Promise<unknown> = Promise.resolve()
  limit: Quota

  constructor(name: string, limit: Quota, ledger: Ledger) {
    this.#keys = quotaKeys(name)
    this.#ledger = ledger
    this.limit = limit
  }

  /** How many files are open to be written. */
  get writing(): number {
    return this.#open.size
  }

  /** Counts what is there when the account is new here, or the last process ended in the middle. */
  ready(home: Store): Promise<void> {
    this.#ready ??= this.#begin(home).catch((thrown: unknown) => {
      this.#ready = undefined
      throw thrown
    })
    return this.#ready
  }

  /** One change of the tree after the other: each looks at sizes before it and books after it. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }

  /** Books bytes before they are written; `quota` where they would be too many. */
  async takeBytes(bytes: number): Promise<void> {
    while (this.#pool < bytes) {
      const missing = bytes - this.#pool
      const ahead = Math.max(missing, chunk)
      const { bytes: most } = this.limit
      // Close to the limit only what is needed is booked, so that the last byte can be used.
      const got = (await this.#ledger.add(this.#keys.bytes, ahead, most))
        ? ahead
        : (await this.#ledger.add(this.#keys.bytes, missing, most))
          ? missing
          : 0
      this.#pool += got
      if (got > 0) continue
      // Others may have given back to the pool meanwhile.
      if (this.#pool < bytes)
        throw new FileError('quota', `the account may keep ${most} bytes`, { rule: 'quota.bytes' })
    }
    this.#pool -= bytes
  }

  giveBytes(bytes: number): void {
    this.#pool += bytes
  }

  async takeFile(): Promise<void> {
    const { files: most } = this.limit
    if (!(await this.#ledger.add(this.#keys.files, 1, most)))
      throw new FileError('quota', `the account may keep ${most} files`, { rule: 'quota.files' })
  }

  async giveFile(): Promise<void> {
    await this.#ledger.add(this.#keys.files, -1)
  }

  /** Nobody writes: what was booked ahead goes back. */
  async settle(): Promise<void> {
    const { bytes } = this.#keys
    if (this.#pool === 0 || (this.#open.size > 0 && this.#pool < 2 * chunk)) return
    const back = this.#pool
    this.#pool = 0
    await this.#ledger.add(bytes, -back)
  }

  /** Keeps track of a file while it is written, whoever has it open: one book for all of them. */
  begin(key: string, size: number): Growing {
    const growing = this.#open.get(key) ?? {
      key,
      booked: size,
      opens: 0,
      gone: false,
      turn: Promise.resolve(),
    }
    growing.opens += 1
    this.#open.set(key, growing)
    return growing
  }

  end(growing: Growing): void {
    if (this.#open.get(growing.key) === growing) this.#open.delete(growing.key)
  }

  openAs(key: string): Growing | undefined {
    return this.#open.get(key)
  }

  /** What is left of the limit; undefined: as much as the disk has. */
  async left(): Promise<number | undefined> {
    if (this.limit.bytes === undefined) return undefined
    return Math.max(0, this.limit.bytes - (await this.#ledger.read(this.#keys.bytes)) + this.#pool)
  }

  /** Counts the home anew. Only while nobody writes. */
  async recount(home: Store): Promise<void> {
    this.#pool = 0
    const { bytes, files } = await sumOf(home, rootPath)
    await this.#ledger.set(this.#keys.bytes, bytes)
    await this.#ledger.set(this.#keys.files, files)
  }

  /** Has it counted anew by whoever comes next, unless somebody writes: then what is booked stays as it is. */
  forget(): void {
    if (this.#open.size > 0) return
    this.#ready = undefined
  }

  /** All is settled: the next process need not count. */
  async leave(): Promise<void> {
    if (this.#ready === undefined || this.#open.size > 0) return
    await this.#ready
    await this.settle()
    await this.#ledger.set(this.#keys.dirty, 1)
    this.#ready = undefined
  }

  /** 0 is an account that was never counted, 1 one that was left in order, 2 one that is in use. */
  async #begin(home: Store): Promise<void> {
    const state = await this.#ledger.read(this.#keys.dirty)
    await this.#ledger.set(this.#keys.dirty, 2)
    if (state !== 1) await this.recount(home)
  }
}

/** Level by level, so that a deep tree needs no deep stack. */
async function sumOf(home: Store, top: Path): Promise<{ bytes: number; files: number }> {
  const sum = { bytes: 0, files: 0 }
  const waiting: Path[] = [top]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for await (const batch of home.list(path)) {
      for (const { name, kind, size } of batch) {
        if (kind === 'directory') waiting.push(joinPath(path, name))
        if (kind !== 'file') continue
        sum.files += 1
        sum.bytes += size
      }
    }
  }
  return sum
}
