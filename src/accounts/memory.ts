import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Account, Accounts, Attempt, Verdict } from '../core/account.ts'

/** An account as one writes it down; what is left out has the usual value. */
export interface MemoryAccount extends Partial<Omit<Account, 'name' | 'home'>> {
  readonly name: string
  readonly home: Account['home']
  readonly password?: string
  /** Lets in the users `anonymous` and `ftp` with any password (RFC 1635). */
  readonly anonymous?: true
}

/**
 * Accounts that live as long as the process. The password was in the program or on its command line in clear, so a slow
 * hash would hide nothing: a keyed one keeps it out of memory dumps, and compares in constant time.
 */
export function memoryAccounts(list: readonly MemoryAccount[]): Accounts {
  const key = randomBytes(32)
  const known = new Map<string, Known>()
  let anonymous: Account | undefined
  for (const entry of list) {
    const account = accountOf(entry)
    if (entry.anonymous === true) anonymous = account
    else if (entry.password !== undefined)
      known.set(entry.name, { account, digest: digestOf(key, entry.password) })
    else throw new Error(`the account ${entry.name} needs a password, or anonymous: true`)
  }
  const nobody = randomBytes(32)
  return {
    async verify(attempt) {
      const guest = anonymous !== undefined && isAnonymous(attempt)
      return guest && anonymous !== undefined
        ? { kind: 'accept', account: anonymous }
        : verifyPassword(attempt, known, key, nobody)
    },
  }
}

interface Known {
  readonly account: Account
  readonly digest: Uint8Array
}

/** No password is longer: hashing a megabyte for a stranger would be a gift. */
const longestSecret = 1024

function verifyPassword(
  { user, proof }: Attempt,
  known: ReadonlyMap<string, Known>,
  key: Uint8Array,
  nobody: Uint8Array,
): Verdict {
  if (proof.kind !== 'password') return refuse('only passwords are taken')
  const { password } = proof
  if (user === '' || password === '') return refuse('an empty name or password')
  if (user.length > longestSecret || password.length > longestSecret)
    return refuse('a name or password that is too long')
  // An unknown name takes the same time as a wrong password.
  const entry = known.get(user)
  const same = timingSafeEqual(digestOf(key, password), entry?.digest ?? nobody)
  if (entry === undefined) return refuse('the user is not known')
  return same ? { kind: 'accept', account: entry.account } : refuse('the password is wrong')
}

function refuse(reason: string): Verdict {
  return { kind: 'refuse', reason }
}

function isAnonymous({ user, proof }: Attempt): boolean {
  const name = user.toLowerCase()
  return (name === 'anonymous' || name === 'ftp') && (proof.kind === 'password' || proof.kind === 'none')
}

function digestOf(key: Uint8Array, password: string): Uint8Array {
  return createHmac('sha256', key).update(password).digest()
}

function accountOf({ name, home, readOnly, rights, uploads, sessions }: MemoryAccount): Account {
  return {
    name,
    home,
    readOnly: readOnly ?? false,
    rights: rights ?? [],
    uploads: uploads ?? 'atomic',
    ...(sessions === undefined ? {} : { sessions }),
  }
}
