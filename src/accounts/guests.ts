import type { Attempt } from '../core/account.ts'

/** RFC 1635 §2.1, and what many clients say instead. */
export const guestNames: ReadonlySet<string> = new Set(['anonymous', 'ftp'])

/** Whether someone asks for the public account: any password is right. */
export function isGuest({ user, proof }: Attempt): boolean {
  return guestNames.has(user.toLowerCase()) && (proof.kind === 'password' || proof.kind === 'none')
}
