import type { Signer } from '../signer.ts'

/** What comes when a client looks for keys: one to show, or why one that was meant cannot be shown. */
export type KeyToTry = Signer | UnusableKey

/** A key that there is, and that is of no use. */
export interface UnusableKey {
  /** Which it is and what is wrong with it, for a person: `/home/anna/.ssh/id_rsa: this private key is broken`. */
  readonly unusable: string
}
