import type { Ledger } from '../../core/ledger.ts'
import type { QuotaTurn, QuotaTurnEnd, QuotaTurns } from '../../core/quota-turns.ts'
import { quotaKeys } from '../../core/quota-keys.ts'

/** What is known of an account whose quota is in use. */
interface Known {
  /** Whether it is counted; what was booked and lost makes it unknown again. */
  counted: boolean
  /** How many files each member has open to be written. */
  readonly writing: Map<TurnTaker, number>
  holder: TurnTaker | undefined
  /** The holder was asked to count. */
  counting: boolean
  readonly waiting: Waiting[]
}

interface Waiting {
  readonly who: TurnTaker
  go(): void
}

/** One of those who take turns. */
export interface TurnTaker extends QuotaTurns {
  /** It is gone without a word: what it had booked is lost, so that its accounts are counted anew. */
  lose(): void
}

/**
 * Gives turns, account by account, to whoever changes what is kept there. It marks each account in the ledger while it is
 * in use, so that after a crash whoever comes next counts what is there.
 */
export class TurnGiver {
  readonly #ledger: Ledger
  readonly #accounts = new Map<string, Promise<Known>>()
  readonly #lost = new WeakSet<TurnTaker>()
  readonly #giving = new WeakMap<TurnTaker, (account: string) => Promise<void>>()
  /** The same as `#accounts`, once they are there. */
  readonly #known = new Map<string, Known>()

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  /** One more that takes turns. */
  join(): TurnTaker {
    const who: TurnTaker = {
      begin: (account) => this.#begin(account, who),
      end: (account, how) => this.#end(account, who, how),
      tellWriting: (account, files) => this.#tellWriting(account, who, files),
      gather: (account) => this.#gather(account, who),
      onGather: (give) => void this.#giving.set(who, give),
      forget: () => this.forget(),
      leave: async () => undefined,
      lose: () => this.#lose(who),
    }
    return who
  }

  /** All have left: accounts that are in order need not be counted by the next process. */
  async end(): Promise<void> {
    for (const [account, { counted, writing, holder }] of this.#known) {
      if (!counted || writing.size > 0 || holder !== undefined) continue
      await this.#ledger.set(quotaKeys(account).dirty, inOrder)
    }
    this.#accounts.clear()
    this.#known.clear()
  }

  async #begin(account: string, who: TurnTaker): Promise<QuotaTurn> {
    const known = await this.#knownOf(account)
    await this.#lookForMark(account, known)
    if (this.#lost.has(who)) throw new Error('who is lost gets no turn')
    if (known.holder !== undefined) await new Promise<void>((go) => known.waiting.push({ who, go }))
    known.holder = who
    known.counting = !known.counted && known.writing.size === 0
    const alone = [...known.writing.keys()].every((one) => one === who)
    return { count: known.counting, alone }
  }

  #end(account: string, who: TurnTaker, { writing, counted }: QuotaTurnEnd): void {
    const known = this.#known.get(account)
    if (known?.holder !== who) return
    if (known.counting) known.counted = counted
    this.#tellWriting(account, who, writing)
    this.#next(known)
  }

  #next(known: Known): void {
    const next = known.waiting.shift()
    known.holder = next?.who
    next?.go()
  }

  #tellWriting(account: string, who: TurnTaker, files: number): void {
    const known = this.#known.get(account)
    if (files === 0) known?.writing.delete(who)
    else known?.writing.set(who, files)
  }

  /** Only who writes, or changes the tree right now, has anything booked ahead. Who is gone has nothing to give. */
  async #gather(account: string, who: TurnTaker): Promise<void> {
    const known = this.#known.get(account)
    const others = new Set(known?.writing.keys())
    if (known?.holder !== undefined) others.add(known.holder)
    others.delete(who)
    await Promise.allSettled([...others].map(async (one) => this.#giving.get(one)?.(account)))
  }

  /** Something was removed behind all of them: accounts that nobody writes to are counted before the next change. */
  forget(): void {
    for (const known of this.#known.values()) if (known.writing.size === 0) known.counted = false
  }

  #lose(who: TurnTaker): void {
    this.#lost.add(who)
    for (const known of this.#known.values()) {
      const waited = known.waiting.filter((one) => one.who === who)
      for (const one of waited) known.waiting.splice(known.waiting.indexOf(one), 1)
      const had = known.writing.delete(who) || known.holder === who
      if (had) known.counted = false
      if (known.holder === who) this.#next(known)
    }
  }

  #knownOf(account: string): Promise<Known> {
    let known = this.#accounts.get(account)
    if (known === undefined) {
      known = this.#look(account)
      this.#accounts.set(account, known)
      // Who asks next tries again.
      known.catch(() => this.#accounts.delete(account))
    }
    return known
  }

  /** Who gives an account another home takes its mark away: what was counted is of the old one. */
  async #lookForMark(account: string, known: Known): Promise<void> {
    const { dirty } = quotaKeys(account)
    if ((await this.#ledger.read(dirty)) === inUse) return
    await this.#ledger.set(dirty, inUse)
    known.counted = false
  }

  async #look(account: string): Promise<Known> {
    const { dirty } = quotaKeys(account)
    const counted = (await this.#ledger.read(dirty)) === inOrder
    await this.#ledger.set(dirty, inUse)
    const known: Known = { counted, writing: new Map(), holder: undefined, counting: false, waiting: [] }
    this.#known.set(account, known)
    return known
  }
}

/** What the ledger says of an account: 0 is one that was never counted. */
const inOrder = 1
const inUse = 2
