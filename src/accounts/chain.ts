import type { Accounts, Verdict } from '../core/account.ts'

/**
 * Several accounts, asked in their order: the first that takes what is shown decides. One that cannot answer ends the
 * search, as going on would let in whom it might have refused.
 */
export function chainAccounts(list: readonly Accounts[]): Accounts {
  return {
    async verify(attempt) {
      let last: Verdict = { kind: 'refuse', reason: 'there are no accounts' }
      for (const accounts of list) {
        last = await accounts.verify(attempt)
        if (last.kind !== 'refuse') return last
      }
      return last
    },
  }
}
