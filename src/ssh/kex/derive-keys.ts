import { createHash } from 'node:crypto'
import type { Cipher, DirectionKeys, Mac } from '../packet/ciphers.ts'
import type { Secret } from './method.ts'

/** What an exchange gives, out of which all keys are made. */
export interface Outcome {
  readonly hash: string
  readonly secret: Secret
  readonly exchangeHash: Uint8Array
  /** The exchange hash of the connection's first exchange. */
  readonly sessionId: Uint8Array
}

/** The keys of one direction (RFC 4253 §7.2). */
export function directionKeys(outcome: Outcome, toServer: boolean, cipher: Cipher, mac: Mac): DirectionKeys {
  const [iv, key, macKey] = toServer ? 'ACE' : 'BDF'
  return {
    iv: derive(outcome, iv ?? '', cipher.iv),
    key: derive(outcome, key ?? '', cipher.key),
    mac: derive(outcome, macKey ?? '', mac.length),
  }
}

function derive(
  { hash, secret, exchangeHash, sessionId }: Outcome,
  letter: string,
  length: number,
): Uint8Array {
  let made = createHash(hash).update(secret).update(exchangeHash).update(letter).update(sessionId).digest()
  while (made.length < length) {
    const more = createHash(hash).update(secret).update(exchangeHash).update(made).digest()
    made = Buffer.concat([made, more])
  }
  return new Uint8Array(made.subarray(0, length))
}
