import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Account, Accounts, Attempt, Verdict } from '../core/account.ts'
import { systemClock, type Clock } from '../core/clock.ts'
import { guestNames } from '../core/guest-names.ts'
import { encodeText } from '../core/text.ts'
import { isGuest } from './guests.ts'
import {
  judge,
  longestCredential,
  nameOfKey,
  plainFingerprint,
  type Credentials,
  type ProofKind,
} from './judge.ts'
import { parseSecret, stepOfCode } from './totp.ts'

/** An account as one writes it down; what is left out has the usual value. */
export interface MemoryAccount extends Partial<Omit<Account, 'name' | 'home'>> {
  /** What is typed at the login. */
  readonly name: string
  /** What the account sees as `/`. */
  readonly home: Account['home']
  /** Without one, a key or a certificate must be shown. */
  readonly password?: string
  /** Blobs of public keys, as SSH has them on the wire (RFC 4253 §6.6). */
  readonly keys?: readonly Uint8Array[]
  /** SHA-256 fingerprints of client certificates, in hexadecimal digits. */
  readonly certificates?: readonly string[]
  /** The secret of one-time codes (RFC 6238), in base32. */
  readonly totp?: string
  /** Ways in, each all that must be shown: `[['key', 'code']]`. Not said: any one, a password with its code. */
  readonly needs?: readonly (readonly ProofKind[])[]
  /** Lets in the users `anonymous` and `ftp` with any password (RFC 1635). */
  readonly anonymous?: true
}

/**
 * Accounts that live as long as the process. The password was in the program or on its command line in clear, so a slow
 * hash would hide nothing: a keyed one keeps it out of memory dumps, and compares in constant time.
 */
export function memoryAccounts(list: readonly MemoryAccount[], clock: Clock = systemClock): Accounts {
  mustDiffer(list)
  const key = randomBytes(32)
  const known = new Map<string, Known>()
  let guest: Account | undefined
  for (const entry of list) {
    mustBeUsable(entry)
    if (entry.anonymous === true) guest = accountOf(entry)
    else known.set(entry.name, { account: accountOf(entry), credentials: credentialsOf(entry, key, clock) })
  }
  const nobody = credentialsOf({ password: randomBytes(32).toString('hex') }, key, clock)
  return {
    async verify(attempt) {
      if (guest !== undefined && isGuest(attempt)) return { kind: 'accept', account: guest }
      if (attempt.user === '' || attempt.user.length > longestCredential)
        return refuse('a name that is empty or too long')
      return judged(attempt, known.get(attempt.user), nobody)
    },
  }
}

interface Known {
  readonly account: Account
  readonly credentials: Credentials
}

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

/** What could never be let in is a mistake of who wrote it down. */
function mustBeUsable(entry: MemoryAccount): void {
  const { name, password, keys = [], certificates = [], anonymous } = entry
  if (name === '' || name.length > longestCredential)
    throw new Error(`a name has 1 to ${longestCredential} characters`)
  const proofs = (password === undefined ? 0 : 1) + keys.length + certificates.length
  if ((anonymous === true) === proofs > 0)
    throw new Error(`the account ${name} needs a password, a key or a certificate, or anonymous: true`)
  if (password === '' || (password?.length ?? 0) > longestCredential)
    throw new Error(`the password of ${name} must have 1 to ${longestCredential} characters`)
}

async function judged(attempt: Attempt, entry: Known | undefined, nobody: Credentials): Promise<Verdict> {
  // An unknown name takes the same time as a wrong password.
  const judgement = await judge(attempt, entry?.credentials ?? nobody)
  if (entry === undefined) return refuse('the user is not known', 'unknown user')
  switch (judgement.kind) {
    case 'enough':
      return { kind: 'accept', account: entry.account }
    case 'more':
      return { kind: 'continue', wanted: judgement.wanted }
    case 'wrong':
      return refuse(judgement.reason, 'credentials')
  }
}

function refuse(reason: string, rule?: string): Verdict {
  return { kind: 'refuse', reason, ...(rule === undefined ? {} : { rule }) }
}

function digestOf(key: Uint8Array, password: string): Uint8Array {
  // As the bytes that came: Node would make one and the same character of all that are not UTF-8.
  return hash('sha256', Buffer.concat([key, encodeText(password)]), 'buffer')
}

function credentialsOf(
  { password, keys = [], certificates = [], totp, needs }: Partial<MemoryAccount>,
  key: Uint8Array,
  clock: Clock,
): Credentials {
  const digest = password === undefined ? undefined : digestOf(key, password)
  return {
    ...(digest === undefined
      ? {}
      : { password: async (given) => timingSafeEqual(digestOf(key, given), digest) }),
    keys: new Set(keys.map(nameOfKey)),
    certificates: new Set(certificates.map(plainFingerprint)),
    ...(totp === undefined ? {} : { code: codes(totp, clock) }),
    ...(needs === undefined ? {} : { needs }),
  }
}

function codes(totp: string, clock: Clock): NonNullable<Credentials['code']> {
  const secret = parseSecret(totp)
  if (secret === undefined) throw new Error('the secret of one-time codes has at least 16 letters of base32')
  let used = -1
  return {
    fits: (code) => stepOfCode(secret, code, clock.now()) !== undefined,
    async take(code) {
      const step = stepOfCode(secret, code, clock.now())
      if (step === undefined || step <= used) return false
      used = step
      return true
    },
  }
}

function accountOf({
  name,
  home,
  readOnly,
  rights,
  uploads,
  sessions,
  rules,
  publish,
}: MemoryAccount): Account {
  return {
    name,
    home,
    readOnly: readOnly ?? false,
    rights: rights ?? [],
    uploads: uploads ?? 'atomic',
    ...(sessions === undefined ? {} : { sessions }),
    ...(publish === undefined ? {} : { publish }),
    ...(rules === undefined ? {} : { rules }),
  }
}
