import type { KeyObject } from 'node:crypto'

/** A private key out of a file: open to all, or locked with a passphrase. */
export type KeyFile =
  | { readonly kind: 'open'; readonly key: KeyObject; readonly comment: string }
  | {
      readonly kind: 'locked'
      readonly comment: string
      /** The public key as SSH has it on the wire, where the file tells it to everybody. */
      readonly blob: Uint8Array | undefined
      /** The key; undefined: the passphrase is wrong. */
      readonly unlock: (passphrase: string) => KeyObject | undefined
    }
