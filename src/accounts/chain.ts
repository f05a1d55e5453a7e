import type { Accounts, Verdict } from '../core/account.ts'

/**
 * Several accounts, asked in their order: the first that takes what is shown decides. One that cannot answer ends the
 * search, as going on would let in whom it might have refused. Of refusals that of the first who knows the user is told,
 * as the log and the bans go by it.
 */
export function chainAccounts(list: readonly Accounts[]): Accounts {
  return {
    async verify(attempt) {
      let refusal: Refusal | undefined
      for (const accounts of list) {
        const verdict = await accounts.verify(attempt)
        if (verdict.kind !== 'refuse') return verdict
        if (refusal === undefined || refusal.rule === 'unknown user') refusal = verdict
      }
      return refusal ?? { kind: 'refuse', reason: 'there are no accounts' }
    },
  }
}

type Refusal = Extract<Verdict, { kind: 'refuse' }>
