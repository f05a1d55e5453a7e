import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Account, Accounts, Attempt, Verdict } from '../core/account.ts'
import { encodeText } from '../core/text.ts'

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
  mustDiffer(list)
  const key = randomBytes(32)
  const known = new Map<string, Known>()
  let guest: Account | undefined
  for (const entry of list) {
    const password = passwordOf(entry)
    if (password === undefined) guest = accountOf(entry)
    else known.set(entry.name, { account: accountOf(entry), digest: digestOf(key, password) })
  }
  const nobody = randomBytes(32)
  return {
    async verify(attempt) {
      if (guest !== undefined && isGuest(attempt)) return { kind: 'accept', account: guest }
      return verifyPassword(attempt, known, key, nobody)
    },
  }
}

interface Known {
  readonly account: Account
  readonly digest: Uint8Array
}

/** No name or password is longer: hashing a megabyte for a stranger would be a gift. */
const longest = 1024

/** RFC 1635 §2.1, and what many clients say instead. */
const guestNames: ReadonlySet<string> = new Set(['anonymous', 'ftp'])

/** Two accounts of one name would be taken for one: one would never be let in, and each would find the other's half uploads. */
function mustDiffer(list: readonly MemoryAccount[]): void {
  const taken = new Set<string>()
  for (const { name, anonymous } of list) {
    for (const own of anonymous === true ? new Set([name, ...guestNames]) : [name]) {
      const key = guestNames.has(own.toLowerCase()) ? own.toLowerCase() : own
      if (taken.has(key)) throw new Error(`two accounts would be ${own}`)
      taken.add(key)
    }
  }
}

/** The password of an account; undefined: it needs none. What could never be let in is a mistake of who wrote it down. */
function passwordOf({ name, password, anonymous }: MemoryAccount): string | undefined {
  if (name === '' || name.length > longest) throw new Error(`a name has 1 to ${longest} characters`)
  if ((anonymous === true) === (password !== undefined))
    throw new Error(`the account ${name} needs a password, or anonymous: true`)
  if (password === '' || (password?.length ?? 0) > longest)
    throw new Error(`the password of ${name} must have 1 to ${longest} characters`)
  return password
}

function verifyPassword(
  { user, proof }: Attempt,
  known: ReadonlyMap<string, Known>,
  key: Uint8Array,
  nobody: Uint8Array,
): Verdict {
  if (proof.kind !== 'password') return refuse('only passwords are taken')
  const { password } = proof
  if (user === '' || password === '') return refuse('an empty name or password')
  if (user.length > longest || password.length > longest) return refuse('a name or password that is too long')
  // An unknown name takes the same time as a wrong password.
  const entry = known.get(user)
  const same = timingSafeEqual(digestOf(key, password), entry?.digest ?? nobody)
  if (entry === undefined) return refuse('the user is not known')
  return same ? { kind: 'accept', account: entry.account } : refuse('the password is wrong')
}

function refuse(reason: string): Verdict {
  return { kind: 'refuse', reason }
}

function isGuest({ user, proof }: Attempt): boolean {
  return guestNames.has(user.toLowerCase()) && (proof.kind === 'password' || proof.kind === 'none')
}

function digestOf(key: Uint8Array, password: string): Uint8Array {
  // As the bytes that came: Node would make one and the same character of all that are not UTF-8.
  return createHmac('sha256', key).update(encodeText(password)).digest()
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
