import type { Account, Right } from '../../core/account.ts'
import { joinPath, nameOf, parentOf, type Path } from '../../core/path.ts'
import { rightsAt } from '../../core/rights.ts'
import type { Row } from '../../core/rows.ts'
import type { EntryKind } from '../../core/store.ts'

/** What of an entry decides what may be done with it. */
type Subject = Pick<Row, 'kind' | 'fixed'>

/** The `perm` fact: what this account may do with an entry, in the letters of RFC 3659 §7.5.5. */
export function permOf(account: Account, path: Path, { kind, fixed }: Subject): string {
  const perm = permOfKind(account, path, kind)
  return fixed === true || path === '/' ? perm.replaceAll(/[df]/gu, '') : perm
}

function permOfKind(account: Account, path: Path, kind: EntryKind): string {
  if (account.rights.length === 0) return (account.readOnly ? readingPerm : fullPerm)[kind]
  const ruled = rightsAt(account, path)
  const rights = account.readOnly ? ruled.intersection(readingRights) : ruled
  let perm = ''
  if (kind === 'directory') {
    if (rights.has('create')) perm += 'c'
    if (rights.has('directories')) perm += 'd'
    if (rights.has('list')) perm += 'el'
    if (rights.has('rename')) perm += 'f'
    if (rights.has('directories')) perm += 'm'
    if (rights.has('remove')) perm += 'p'
    return perm
  }
  if (rights.has('overwrite')) perm += 'a'
  if (rights.has('remove')) perm += 'd'
  if (rights.has('rename')) perm += 'f'
  if (rights.has('read')) perm += 'r'
  if (rights.has('overwrite')) perm += 'w'
  return perm
}

/** The same for the names of one directory: only a name that has a rule of its own differs from the others. */
export function permsIn(account: Account, directory: Path): (row: Subject & Pick<Row, 'name'>) => string {
  const ruled = new Set(
    account.rights
      .filter(({ path }) => path !== '/' && parentOf(path) === directory)
      .map(({ path }) => nameOf(path)),
  )
  const usual = new Map<EntryKind, string>()
  return (row) => {
    const { name, kind } = row
    if (ruled.has(name) || row.fixed === true) return permOf(account, joinPath(directory, name), row)
    const perm = usual.get(kind) ?? permOfKind(account, directory, kind)
    usual.set(kind, perm)
    return perm
  }
}

const readingRights: ReadonlySet<Right> = new Set<Right>(['list', 'read'])

const fullPerm: Readonly<Record<EntryKind, string>> = {
  file: 'adfrw',
  directory: 'cdelfmp',
  link: 'adfrw',
  other: 'df',
}

const readingPerm: Readonly<Record<EntryKind, string>> = { file: 'r', directory: 'el', link: 'r', other: '' }
