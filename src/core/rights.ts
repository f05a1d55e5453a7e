import type { Account, PathRights, Right } from './account.ts'
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
  return new Set(ruleAt(account, path)?.allow ?? [])
}

/** The rule that decides about a path; undefined: none holds it. */
export function ruleAt(account: Pick<Account, 'rights'>, path: Path): PathRights | undefined {
  let deepest: PathRights | undefined
  for (const rule of account.rights) {
    if (!isWithin(path, rule.path)) continue
    if (deepest === undefined || rule.path.length > deepest.path.length) deepest = rule
  }
  return deepest
}
