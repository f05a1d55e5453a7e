import type { Account } from '../core/account.ts'

/** What keeps an account from being let in: accounts may be written in plain JavaScript, where no compiler has looked at them. */
export function accountFault({
  name,
  home,
  readOnly,
  rights,
  uploads,
}: Partial<Account>): string | undefined {
  if (typeof name !== 'string' || name === '') return 'has no name'
  if (typeof home?.open !== 'function') return 'has no home with the methods of a Store'
  if (typeof readOnly !== 'boolean') return 'must have readOnly, true or false'
  if (!Array.isArray(rights)) return 'must have rights, a list, which is empty where everything is allowed'
  if (uploads !== 'atomic' && uploads !== 'in-place') return "must have uploads, 'atomic' or 'in-place'"
  return undefined
}
