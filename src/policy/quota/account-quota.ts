import type { Quota } from '../../core/account.ts'
import { FileError } from '../../core/error.ts'
import type { Claims } from '../../core/claims.ts'
import type { Ledger } from '../../core/ledger.ts'
import { joinPath, rootPath, type Path } from '../../core/path.ts'
import type { QuotaTurns } from '../../core/quota-turns.ts'
import type { Store } from '../../core/store.ts'
import { quotaKeys } from '../../core/quota-keys.ts'
import type { Growing } from './growing.ts'

/** So many bytes are booked ahead at once, so that not every write is a commit. */
const chunk = 8 * 1024 * 1024

/** What all who write to an account have in common. */
export interface SharedQuota {
  readonly turns: QuotaTurns
  /** Which files are open to be written. */
  readonly claims: Claims
}

/**
 * What one account keeps. The ledger holds what is used and a pool that is booked ahead; the pool is this thread's, and
 * every write takes from it before it is written. Were it to end in between, too much is booked and never too little, and
 * whoever gives the turns has the account counted anew.
 */
export class AccountQuota {
  readonly #name: string
  readonly #shared: SharedQuota
  readonly #keys: ReturnType<typeof quotaKeys>
  readonly #ledger: Ledger
  readonly #open = new Map<string, Growing>()
  #pool = 0
  /** Another needed what was booked ahead here. */
  #scarce = false
  #turn: Promise<unknown> = Promise.resolve()
  limit: Quota

  constructor(name: string, limit: Quota, ledger: Ledger, shared: SharedQuota) {
    this.#name = name
    this.#shared = shared
    this.#keys = quotaKeys(name)
    this.#ledger = ledger
    this.limit = limit
  }

  /** How many files are open to be written. */
  get writing(): number {
    return this.#open.size
  }

  /** One change of the tree after the other: each looks at sizes before it and books after it. */
  inTurn<Result>(home: Store, work: (alone: boolean) => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(() => this.#takeTurn(home, work))
    this.#turn = result.catch(() => undefined)
    return result
  }

  async #takeTurn<Result>(home: Store, work: (alone: boolean) => Promise<Result>): Promise<Result> {
    const { count, alone } = await this.#shared.turns.begin(this.#name)
    let counted = !count
    try {
      if (count) await this.recount(home)
      counted = true
      return await work(alone)
    } finally {
      // Nothing stays booked ahead that others would not know of; what cannot be given back is booked too much.
      await this.settle().catch(() => undefined)
      this.#shared.turns.end(this.#name, { writing: this.#open.size, counted })
    }
  }

  /** Books bytes before they are written; `quota` where they would be too many. */
  async takeBytes(bytes: number): Promise<void> {
    let gathered = false
    while (this.#pool < bytes) {
      const got = await this.#bookMore(bytes - this.#pool)
      this.#pool += got
      // Other sessions may have given back to the pool meanwhile.
      if (got > 0 || this.#pool >= bytes) continue
      if (gathered)
        throw new FileError('quota', `the account may keep ${this.limit.bytes} bytes`, {
          rule: 'quota.bytes',
        })
      gathered = true
      await this.#shared.turns.gather(this.#name)
    }
    this.#pool -= bytes
  }

  /** Close to the limit only what is needed is booked, so that the last byte can be used. */
  async #bookMore(missing: number): Promise<number> {
    const { bytes: most } = this.limit
    const ahead = this.#scarce ? missing : Math.max(missing, chunk)
    if (await this.#ledger.add(this.#keys.bytes, ahead, most)) return ahead
    return ahead > missing && (await this.#ledger.add(this.#keys.bytes, missing, most)) ? missing : 0
  }

  /** Another thread needs what is booked ahead here: until nobody writes here, no more is booked than is written. */
  async giveBack(): Promise<void> {
    this.#scarce = true
    const back = this.#pool
    this.#pool = 0
    if (back > 0) await this.#ledger.add(this.#keys.bytes, -back)
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
    if (this.#open.size === 0) this.#scarce = false
    if (this.#pool === 0 || (this.#open.size > 0 && !this.#scarce && this.#pool < 2 * chunk)) return
    const back = this.#pool
    this.#pool = 0
    await this.#ledger.add(bytes, -back)
  }

  /** Keeps track of a file while it is written, whoever has it open: one book for all of them. */
  begin(key: string, size: number): Growing {
    let growing = this.#open.get(key)
    if (growing === undefined) {
      if (!this.#shared.claims.take(this.#claimOf(key))) throw busy()
      growing = { key, booked: size, opens: 0, gone: false, turn: Promise.resolve() }
    }
    growing.opens += 1
    this.#open.set(key, growing)
    return growing
  }

  end(growing: Growing): void {
    if (this.#open.get(growing.key) !== growing) return
    this.#open.delete(growing.key)
    this.#shared.claims.give(this.#claimOf(growing.key))
  }

  /** Says that fewer are written than at the last turn. */
  tellWriting(): void {
    this.#shared.turns.tellWriting(this.#name, this.#open.size)
  }

  /** The book of a file that is open here; `busy` where another thread has one. */
  openAs(key: string): Growing | undefined {
    const growing = this.#open.get(key)
    if (growing === undefined && this.#shared.claims.has(this.#claimOf(key))) throw busy()
    return growing
  }

  #claimOf(key: string): string {
    return `quota of ${this.#name}: ${key}`
  }

  /** What is left of so many bytes. */
  async left(bytes: number): Promise<number> {
    return Math.max(0, bytes - (await this.#ledger.read(this.#keys.bytes)) + this.#pool)
  }

  /** Counts the home anew. Only while nobody writes. */
  async recount(home: Store): Promise<void> {
    this.#pool = 0
    const { bytes, files } = await sumOf(home, rootPath)
    await this.#ledger.set(this.#keys.bytes, bytes)
    await this.#ledger.set(this.#keys.files, files)
  }

  /** Gives back what is booked ahead, unless somebody writes. */
  leave(): Promise<void> {
    const left = this.#turn.then(() => (this.#open.size > 0 ? undefined : this.settle()))
    this.#turn = left.catch(() => undefined)
    return left
  }
}

function busy(): FileError {
  return new FileError('busy', 'another session writes this file right now, try again later', {
    rule: 'quota',
  })
}

/** Level by level, so that a deep tree needs no deep stack. A file of several names is several files, and its bytes are there once. */
async function sumOf(home: Store, top: Path): Promise<{ bytes: number; files: number }> {
  const sum = { bytes: 0, files: 0 }
  const waiting: Path[] = [top]
  const counted = new Set<string>()
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    for await (const batch of home.list(path)) {
      for (const { name, kind, size, links = 1, id } of batch) {
        if (kind === 'directory') waiting.push(joinPath(path, name))
        if (kind !== 'file') continue
        sum.files += 1
        if (links > 1 && id !== undefined) {
          if (counted.has(id)) continue
          counted.add(id)
        }
        sum.bytes += size
      }
    }
  }
  return sum
}
