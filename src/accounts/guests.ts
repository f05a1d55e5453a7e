import type { Attempt } from '../core/account.ts'
import { guestNames } from '../core/guest-names.ts'

/** Whether someone asks for the public account: any password is right. */
export function isGuest({ user, proof }: Attempt): boolean {
  return guestNames.has(user.toLowerCase()) && (proof.kind === 'password' || proof.kind === 'none')
}
