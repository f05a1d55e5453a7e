import type { Accounts } from '../core/account.ts'

/** The same accounts, none of which may change anything. */
export function readOnlyAccounts(inner: Accounts): Accounts {
  return {
    async verify(attempt) {
      const verdict = await inner.verify(attempt)
      if (verdict.kind !== 'accept') return verdict
      return { kind: 'accept', account: { ...verdict.account, readOnly: true } }
    },
  }
}
