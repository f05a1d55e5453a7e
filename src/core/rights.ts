import type { Account, Right } from './account.ts'
import { isWithin, type Path } from './path.ts'

/** Every right there is. */
export const allRights: ReadonlySet<Right> = new Set<Right>([
  'list',
  'read',
  'create',
  'overwrite',
  'remove',
  'rename',
  'directories',
  'attributes',
  'links',
])

/** What an account may do with a path: the rule of the deepest covering path decides alone. */
export function rightsAt(account: Pick<Account, 'rights'>, path: Path): ReadonlySet<Right> {
  if (account.rights.length === 0) return allRights
  let deepest: Account['rights'][number] | undefined
  for (const rule of account.rights) {
    if (!isWithin(path, rule.path)) continue
    if (deepest === undefined || rule.path.length > deepest.path.length) deepest = rule
  }
  return new Set(deepest?.allow ?? [])
}
