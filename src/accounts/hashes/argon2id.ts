import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { base64Of, bytesOfBase64 } from './base64.ts'

/** What a hash costs whoever computes it: memory in KiB, and passes over it. */
export interface Argon2Cost {
  readonly memory: number
  readonly passes: number
}

/** A fresh hash in PHC form: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
export async function hashArgon2id(password: Uint8Array, { memory, passes }: Argon2Cost): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password, salt, { memory, passes, parallelism: 1, length: 32 })
  return `$argon2id$v=19$m=${memory},t=${passes},p=1$${base64Of(salt)}$${base64Of(hash)}`
}

/** Whether the password made this hash; undefined: it is none of argon2id, or would cost more than is borne. */
export function readArgon2id(
  stored: string,
): { cost: Argon2Cost; matches(password: Uint8Array): Promise<boolean> } | undefined {
  const match = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([\w+/=-]+)\$([\w+/=-]+)$/u.exec(
    stored,
  )
  if (match === null) return undefined
  const [memory = 0, passes = 0, parallelism = 0] = match.slice(1, 4).map(Number)
  const salt = bytesOfBase64(match[4] ?? '')
  const wanted = bytesOfBase64(match[5] ?? '')
  const good =
    parallelism > 0 && passes > 0 && memory >= 8 * parallelism && salt.length >= 8 && wanted.length >= 16
  if (!good || memory > 1_048_576 || wanted.length > 128) return undefined
  return {
    cost: { memory, passes },
    async matches(password) {
      const cost = { memory, passes, parallelism, length: wanted.length }
      return timingSafeEqual(await derive(password, salt, cost), wanted)
    },
  }
}

function derive(
  message: Uint8Array,
  nonce: Uint8Array,
  cost: Argon2Cost & { parallelism: number; length: number },
): Promise<Uint8Array> {
  const { memory, passes, parallelism, length: tagLength } = cost
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce, memory, passes, parallelism, tagLength }, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
}
