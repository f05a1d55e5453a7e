/** A turn to change what an account keeps, given to one at a time. */
export interface QuotaTurn {
  /** Nobody has counted what is there, or nobody knows any more: it must be counted in this turn, before anything else. */
  readonly count: boolean
  /** Nobody else has a file open to be written. */
  readonly alone: boolean
}

/** How a turn ended. */
export interface QuotaTurnEnd {
  /** How many files this one has open to be written. */
  readonly writing: number
  /** It was counted, or need not be; false: that failed. */
  readonly counted: boolean
}

/** Who gives turns to all that change what accounts keep, in whichever thread they are. */
export interface QuotaTurns {
  begin(account: string): Promise<QuotaTurn>
  end(account: string, how: QuotaTurnEnd): void
  /** Says outside of a turn how many files this one has open to be written. */
  tellWriting(account: string, files: number): void
  /** Has all others give back what they have booked ahead and do not need yet. */
  gather(account: string): Promise<void>
  /** What this one does when another has it gathered. */
  onGather(give: (account: string) => Promise<void>): void
  /** Something was removed behind the rule: accounts that nobody writes to are counted before the next change. */
  forget(): void
  /** This one will change nothing any more, and has given back what it had booked. */
  leave(): Promise<void>
}
