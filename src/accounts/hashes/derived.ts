import { createHash, pbkdf2, scrypt, timingSafeEqual } from 'node:crypto'
import { bytesOfBase64 } from './base64.ts'

export type Matches = (password: Uint8Array) => Promise<boolean>

/** scrypt in PHC form, `$scrypt$ln=15,r=8,p=1$salt$hash`; undefined: it is none, or would cost more than is borne. */
export function readScrypt(stored: string): Matches | undefined {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,2})\$([\w+/.=-]+)\$([\w+/.=-]+)$/u.exec(stored)
  if (match === null) return undefined
  const [ln = 0, r = 0, p = 0] = match.slice(1, 4).map(Number)
  const salt = bytesOfBase64(match[4] ?? '')
  const wanted = bytesOfBase64(match[5] ?? '')
  const memory = 128 * 2 ** ln * r * p
  if (ln < 1 || r < 1 || p < 1 || memory > 512 * 1024 ** 2 || !isHashLength(wanted)) return undefined
  return compare(wanted, (password, done) =>
    scrypt(password, salt, wanted.length, { N: 2 ** ln, r, p, maxmem: memory * 2 + 1024 ** 2 }, done),
  )
}

/**
 * PBKDF2 as passlib writes it (`$pbkdf2-sha256$29000$salt$hash`, base64 without padding) and as SFTPGo does: the hash
 * with padding and the salt as plain letters, or in base64 where the name says so (`$pbkdf2-b64salt-sha256$`).
 */
export function readPbkdf2(stored: string): Matches | undefined {
  const match = /^\$pbkdf2(-b64salt)?(?:-(sha1|sha256|sha512))?\$(\d{1,8})\$([^$]+)\$([\w+/.=-]+)$/u.exec(
    stored,
  )
  if (match === null) return undefined
  const [, inBase64, digest = 'sha1', rounds = '', salt = '', hash = ''] = match
  const wanted = bytesOfBase64(hash)
  const plain = inBase64 === undefined && hash.endsWith('=')
  const saltBytes = plain ? Buffer.from(salt) : bytesOfBase64(salt)
  const count = Number(rounds)
  if (count < 1 || count > 5_000_000 || !isHashLength(wanted)) return undefined
  return compare(wanted, (password, done) => pbkdf2(password, saltBytes, count, wanted.length, digest, done))
}

/** The hashes of LDAP and of old htpasswd files: `{SSHA}`, `{SHA}`, `{SSHA256}`, `{SSHA512}`. */
export function readSsha(stored: string): Matches | undefined {
  const match = /^\{S?SHA(256|512)?\}([\w+/=]+)$/u.exec(stored)
  if (match === null) return undefined
  const [, size, encoded = ''] = match
  const algorithm = size === undefined ? 'sha1' : `sha${size}`
  const bytes = bytesOfBase64(encoded)
  const length = size === undefined ? 20 : Number(size) / 8
  if (bytes.length < length || stored.startsWith('{SHA') !== (bytes.length === length)) return undefined
  const salt = bytes.subarray(length)
  return async (password) =>
    timingSafeEqual(createHash(algorithm).update(password).update(salt).digest(), bytes.subarray(0, length))
}

function isHashLength({ length }: Uint8Array): boolean {
  return length >= 16 && length <= 128
}

function compare(
  wanted: Uint8Array,
  derive: (password: Uint8Array, done: (error: Error | null, key: Uint8Array) => void) => void,
): Matches {
  return async (password) => {
    const key = await new Promise<Uint8Array>((resolve, reject) => {
      derive(password, (error, derived) => (error === null ? resolve(derived) : reject(error)))
    })
    return timingSafeEqual(key, wanted)
  }
}
