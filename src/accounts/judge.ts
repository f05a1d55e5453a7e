import { createHash } from 'node:crypto'
import type { Attempt, Proof } from '../core/account.ts'

/** The kinds of what can be shown to be let in. */
export type ProofKind = Proof['kind']

/** What an account asks for. */
export interface Credentials {
  readonly password?: (given: string) => Promise<boolean>
  /** Names of public keys, as `nameOfKey` gives them. */
  readonly keys: ReadonlySet<string>
  /** SHA-256 fingerprints of client certificates, in small hexadecimal digits without colons. */
  readonly certificates: ReadonlySet<string>
  readonly code?: CodeCheck
  /** Ways in: each is what must be shown together. Not said: any one that the account has, a password with the code. */
  readonly needs?: readonly (readonly ProofKind[])[]
}

/** Looks at one-time codes. */
export interface CodeCheck {
  /** Whether it is a code of now. It is not used up. */
  fits(code: string): boolean
  /** Uses a code up: false where it does not fit, or was used before. */
  take(code: string): Promise<boolean>
}

export type Judgement =
  | { readonly kind: 'enough' }
  | { readonly kind: 'more'; readonly wanted: readonly ProofKind[] }
  | { readonly kind: 'wrong'; readonly reason: string }

/** Whether what is shown, with what was shown before, lets in. An account that nobody has still costs its password's time. */
export async function judge(attempt: Attempt, credentials: Credentials): Promise<Judgement> {
  const { proof, earlier = [] } = attempt
  const ways = waysIn(credentials)
  const before = new Set(
    earlier.filter((shown) => shown.kind !== 'key' || shown.signed).map(({ kind }) => kind),
  )
  const shown = await check(attempt, credentials, before)
  if (typeof shown === 'string') return { kind: 'wrong', reason: shown }
  const all = before.union(shown)
  if (ways.some((way) => all.isSupersetOf(way))) return { kind: 'enough' }
  // Only ways on which what was shown is a step go on from here.
  const wanted = new Set(
    ways.filter((way) => shown.isSubsetOf(way)).flatMap((way) => [...way.difference(all)]),
  )
  if (wanted.size > 0) return { kind: 'more', wanted: [...wanted] }
  return { kind: 'wrong', reason: `this account takes no ${words[proof.kind]}` }
}

/** The longest name or password that is looked at: hashing a megabyte for a stranger would be a gift. */
export const longestCredential = 1024

/** Under which name a public key is kept: its blob (RFC 4253 §6.6) says its kind, so no other key can have it. */
export function nameOfKey(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/u, '')}`
}

/** A certificate's fingerprint as it is compared. */
export function plainFingerprint(text: string): string {
  return text
    .replace(/^SHA256:/iu, '')
    .replaceAll(':', '')
    .toLowerCase()
}

/** What this proof shows, more than one kind where a code stands behind the password; or what is wrong. */
async function check(
  { proof }: Attempt,
  credentials: Credentials,
  before: ReadonlySet<ProofKind>,
): Promise<ReadonlySet<ProofKind> | string> {
  switch (proof.kind) {
    case 'none':
      return 'nothing was shown'
    case 'password':
      return checkPassword(proof.password, credentials)
    case 'key':
      return credentials.keys.has(nameOfKey(proof.key)) ? new Set(['key'] as const) : 'the key is not known'
    case 'certificate':
      return credentials.certificates.has(plainFingerprint(proof.fingerprint))
        ? new Set(['certificate'] as const)
        : 'the certificate is not known'
    case 'code':
      // Alone it would tell a stranger whether the guess was right, and use it up.
      if (before.size === 0) return 'a code is shown behind something else'
      return (await credentials.code?.take(proof.code)) === true
        ? new Set(['code'] as const)
        : 'the code is wrong, or was used'
  }
}

/**
 * FTP clients have one field for secrets: a code may stand behind the password. Which of the two it is is settled before
 * the password is looked at, once, so that every try costs the same.
 */
async function checkPassword(
  given: string,
  { password, code }: Credentials,
): Promise<ReadonlySet<ProofKind> | string> {
  if (given === '') return 'an empty password'
  if (given.length > longestCredential) return 'a password that is too long'
  const tail = given.slice(-6)
  const both = code !== undefined && given.length > 6 && code.fits(tail)
  if ((await password?.(both ? given.slice(0, -6) : given)) !== true) return 'the password is wrong'
  if (!both) return new Set(['password'])
  return (await code.take(tail)) ? new Set(['password', 'code']) : 'the code was used before'
}

function waysIn({
  needs,
  password,
  keys,
  certificates,
  code,
}: Credentials): readonly ReadonlySet<ProofKind>[] {
  // No way in at all is not an open door: a way of nothing is none.
  if (needs !== undefined) return needs.filter((way) => way.length > 0).map((way) => new Set(way))
  const ways: ReadonlySet<ProofKind>[] = []
  if (password !== undefined) ways.push(new Set(code === undefined ? ['password'] : ['password', 'code']))
  if (keys.size > 0) ways.push(new Set(['key']))
  if (certificates.size > 0) ways.push(new Set(['certificate']))
  return ways
}

const words: Readonly<Record<ProofKind, string>> = {
  none: 'empty login',
  password: 'password',
  key: 'key',
  certificate: 'certificate',
  code: 'code',
}
