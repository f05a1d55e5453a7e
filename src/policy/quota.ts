import { asError, FileError } from '../core/error.ts'
import { memoryClaims } from '../core/claims.ts'
import type { Ledger } from '../core/ledger.ts'
import type { Path } from '../core/path.ts'
import type { Policy } from '../core/session.ts'
import type { Change, Entry, Feature, OpenFile, Opening, Space, Store } from '../core/store.ts'
import { giveUp } from '../core/transfer.ts'
import { opensToWrite, PassingStore } from './passing.ts'
import { AccountQuota, type SharedQuota } from './quota/account-quota.ts'
import type { Growing } from './quota/growing.ts'
import { QuotaFile } from './quota/quota-file.ts'
import { TurnGiver } from './quota/turn-giver.ts'

/** The rule, and what else can be done with what it keeps. */
export interface Quotas {
  readonly policy: Policy
  /** Counts a home anew; false while somebody writes there. */
  recount(account: string, home: Store): Promise<boolean>
  /** Something was removed behind the rule: whoever is idle is counted anew before the next write. */
  forget(): void
  /** Puts all in order for the next process. */
  leave(): Promise<void>
}

/**
 * Holds accounts to what they may keep, in bytes and files. It is the innermost rule: what counts is what lies in the
 * home, also parts of uploads, which need room like all else. Sizes are booked before they are written. `given` is what
 * it has in common with others that write to the same homes.
 */
export function quotas(kept: Ledger, given: SharedQuota = alone(kept)): Quotas {
  const ledger = closing(kept)
  const { turns, claims } = given
  const shared: SharedQuota = {
    claims,
    turns: {
      ...turns,
      begin: (account) => asking(turns.begin(account)),
      gather: (account) => asking(turns.gather(account)),
    },
  }
  const all = new Map<string, AccountQuota>()
  turns.onGather(async (account) => all.get(account)?.giveBack())
  return {
    policy(inner, { account: { name, rules } }) {
      const limit = rules?.quota
      if (limit === undefined) return inner
      const quota = all.get(name) ?? new AccountQuota(name, limit, ledger, shared)
      quota.limit = limit
      all.set(name, quota)
      return new QuotaStore(inner, quota)
    },
    async recount(account, home) {
      const quota = all.get(account) ?? new AccountQuota(account, {}, ledger, shared)
      return quota.inTurn(home, async (isAlone) => {
        if (!isAlone || quota.writing > 0) return false
        await quota.recount(home)
        return true
      })
    },
    forget() {
      shared.turns.forget()
    },
    async leave() {
      await Promise.all([...all.values()].map((quota) => quota.leave()))
      await shared.turns.leave()
    },
  }
}

/** What a process has to itself that shares its homes with nobody. */
function alone(ledger: Ledger): SharedQuota {
  const giver = new TurnGiver(ledger)
  return { turns: { ...giver.join(), leave: () => giver.end() }, claims: memoryClaims() }
}

/** A ledger that does not answer refuses: nothing is written that was not booked. */
function closing(ledger: Ledger): Ledger {
  return {
    add: (key, amount, ceiling) => asking(ledger.add(key, amount, ceiling)),
    read: (key) => asking(ledger.read(key)),
    set: (key, value, forMs) => asking(ledger.set(key, value, forMs)),
  }
}

async function asking<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work
  } catch (thrown) {
    throw new FileError('failed', 'it cannot be counted at the moment how much is kept, try again later', {
      cause: thrown,
      rule: 'quota',
    })
  }
}

class QuotaStore extends PassingStore {
  readonly #quota: AccountQuota

  constructor(inner: Store, quota: AccountQuota) {
    super(inner)
    this.#quota = quota
  }

  override get features(): ReadonlySet<Feature> {
    const { features } = this.inner
    return this.#quota.limit.bytes === undefined ? features : new Set([...features, 'space'])
  }

  override async open(path: Path, how: Opening): Promise<OpenFile> {
    if (!opensToWrite(how)) return this.inner.open(path, how)
    return this.#changing(async () => {
      const old = how.create === 'require' ? undefined : await this.#look(path)
      const growing = this.#bookOf(path, old)
      const isNew = old === undefined && how.create !== undefined
      if (isNew) await this.#quota.takeFile()
      try {
        return await this.#begin(await this.inner.open(path, how), path, { old, growing })
      } catch (thrown) {
        if (isNew) await this.#quota.giveFile()
        throw thrown
      }
    })
  }

  override remove(path: Path): Promise<void> {
    return this.#changing(async () => {
      const entry = await this.#look(path, false)
      const growing = this.#bookOf(path, entry)
      await this.inner.remove(path)
      await this.#gone(entry, growing)
    })
  }

  override rename(from: Path, to: Path, replace: boolean): Promise<void> {
    return this.#changing(async () => {
      const target = from === to ? undefined : await this.#look(to, false)
      const growing = this.#bookOf(to, target)
      const moved = await this.inner.stat(from, false)
      await this.inner.rename(from, to, replace)
      if (target === undefined) return
      // Two names of one file: rename(2) does nothing. Stores that cannot tell have none such.
      if (target.id === undefined || target.id !== moved.id) await this.#gone(target, growing)
    })
  }

  override change(path: Path, to: Change): Promise<void> {
    const { size } = to
    if (size === undefined) return this.inner.change(path, to)
    return this.#changing(async () => {
      const entry = await this.#look(path)
      const growing = this.#quota.openAs(keyOf(path, entry))
      const old = growing?.booked ?? entry?.size ?? 0
      const taken = Math.max(0, size - old)
      if (taken > 0) await this.#quota.takeBytes(taken)
      try {
        await this.inner.change(path, to)
      } catch (thrown) {
        this.#quota.giveBytes(taken)
        throw thrown
      }
      // Whoever has it open may have booked more meanwhile.
      this.#quota.giveBytes((growing?.booked ?? old) + taken - size)
      if (growing !== undefined) growing.booked = growing.size = size
      await this.#quota.settle()
    })
  }

  override link(path: Path, target: string, kind: 'symbolic' | 'hard'): Promise<void> {
    if (kind === 'symbolic') return this.inner.link(path, target, kind)
    // The bytes of a file are counted once, whatever it is called: it grows and is cut under all of its names at once.
    return this.#changing(async () => {
      await this.#quota.takeFile()
      try {
        await this.inner.link(path, target, kind)
      } catch (thrown) {
        await this.#quota.giveFile()
        throw thrown
      }
    })
  }

  /** In its turn, so that what lay there before is counted. */
  override async space(path: Path): Promise<Space> {
    const { bytes: total } = this.#quota.limit
    if (total === undefined) return this.inner.space(path)
    const space = await this.#spaceOfStore(path)
    const free = await this.#changing(() => this.#quota.left(total))
    return { total: space?.total ?? total, free: Math.min(space?.free ?? free, free) }
  }

  /** Not every store tells; the rest of the quota is known nevertheless. */
  async #spaceOfStore(path: Path): Promise<Space | undefined> {
    try {
      return await this.inner.space(path)
    } catch (thrown) {
      if (thrown instanceof FileError && thrown.fault === 'unsupported') return undefined
      throw thrown
    }
  }

  #changing<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#quota.inTurn(this.inner, work)
  }

  /**
   * The book of a file that somebody has open: kept while something is awaited, as it knows what is booked also where the file is
   * written and closed meanwhile. Nothing is cut, removed or written that another thread writes: each would book for itself.
   */
  #bookOf(path: Path, entry: Entry | undefined): Growing | undefined {
    return entry?.kind === 'file' ? this.#quota.openAs(keyOf(path, entry)) : undefined
  }

  /** An entry, or nothing where there is none. */
  async #look(path: Path, follow = true): Promise<Entry | undefined> {
    try {
      return await this.inner.stat(path, follow)
    } catch (thrown) {
      if (thrown instanceof FileError && (thrown.fault === 'not-found' || thrown.fault === 'not-directory'))
        return undefined
      throw thrown
    }
  }

  /** What the file had and has not any more, cut off as it was opened, is free again. */
  async #begin(file: OpenFile, path: Path, { old, growing: before }: Found): Promise<OpenFile> {
    try {
      const entry = await file.stat()
      const known = this.#quota.openAs(keyOf(path, entry)) ?? before
      const booked = known?.booked ?? old?.size ?? entry.size
      const growing = this.#quota.begin(keyOf(path, entry), booked)
      if (entry.size < booked && (old === undefined || entry.size < old.size)) {
        growing.booked = entry.size
        this.#quota.giveBytes(booked - entry.size)
      }
      return new QuotaFile(file, this.#quota, growing)
    } catch (thrown) {
      await giveUp(file, asError(thrown))
      throw thrown
    }
  }

  async #gone(entry: Entry | undefined, growing: Growing | undefined): Promise<void> {
    if (entry?.kind !== 'file') return
    if ((entry.links ?? 1) <= 1) this.#free(entry, growing)
    await this.#quota.giveFile()
    await this.#quota.settle()
  }

  /** Its last name is gone, and with it the file. */
  #free(entry: Entry, growing: Growing | undefined): void {
    if (growing === undefined || growing.opens === 0)
      return this.#quota.giveBytes(growing?.booked ?? entry.size)
    growing.gone = true
    this.#quota.end(growing)
  }
}

/** What lay under a name before, and its book where somebody had it open. */
interface Found {
  readonly old: Entry | undefined
  readonly growing: Growing | undefined
}

/** Which file it is, whatever it is called; a store that cannot tell has one for each name. */
function keyOf(path: Path, entry: Entry | undefined): string {
  return entry?.id ?? path
}
