import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Whether a password made one of the hashes of crypt(3): `$6$` (SHA-512) and `$5$` (SHA-256) as Ulrich Drepper specified
 * them (https://akkadia.org/drepper/SHA-crypt.txt), `$1$` and htpasswd's `$apr1$` (MD5, Poul-Henning Kamp). undefined: it
 * is none of them. They are read only, until the first login makes a better hash of each.
 */
export function readCrypt(stored: string): ((password: Uint8Array) => boolean) | undefined {
  const sha = /^\$([56])\$(?:rounds=(\d{1,6})\$)?([^$:\n]{0,16})\$([./\w]{43}|[./\w]{86})$/u.exec(stored)
  if (sha !== null) {
    const [, kind, rounds = '5000', salt = '', hash = ''] = sha
    if (hash.length !== (kind === '6' ? 86 : 43)) return undefined
    // Less than 1000 is 1000 by the specification; more than this would hold up the loop.
    const count = Math.max(1000, Number(rounds))
    if (count > 200_000) return undefined
    return (password) =>
      same(shaCrypt(kind === '6' ? 'sha512' : 'sha256', password, Buffer.from(salt), count), hash)
  }
  const md5 = /^\$(1|apr1)\$([^$:\n]{0,8})\$([./\w]{22})$/u.exec(stored)
  if (md5 === null) return undefined
  const [, kind = '1', salt = '', hash = ''] = md5
  return (password) => same(md5Crypt(`$${kind}$`, password, Buffer.from(salt)), hash)
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

function digest(algorithm: string, ...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash(algorithm)
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** The steps are numbered as in the specification. */
function shaCrypt(
  algorithm: 'sha256' | 'sha512',
  password: Uint8Array,
  salt: Uint8Array,
  rounds: number,
): string {
  const b = digest(algorithm, password, salt, password) // 4–8
  const first: Uint8Array[] = [password, salt, repeated(b, password.length)] // 9, 10
  for (let bits = password.length; bits > 0; bits >>= 1) first.push((bits & 1) === 1 ? b : password) // 11
  let a = digest(algorithm, ...first) // 12
  const p = repeated(digest(algorithm, ...Array.from(password, () => password)), password.length) // 13–16
  const times = 16 + (a[0] ?? 0)
  const s = repeated(digest(algorithm, ...Array.from({ length: times }, () => salt)), salt.length) // 17–20
  for (let round = 0; round < rounds; round += 1) {
    const parts: Uint8Array[] = [round % 2 === 1 ? p : a] // 21
    if (round % 3 !== 0) parts.push(s)
    if (round % 7 !== 0) parts.push(p)
    parts.push(round % 2 === 1 ? a : p)
    a = digest(algorithm, ...parts)
  }
  return algorithm === 'sha512' ? spell(a, 64, 21, 63) : spell(a, 32, 10, 31)
}

/** 22: the order in which the bytes are written: three rows that turn by one with each group. */
function spell(bytes: Uint8Array, length: number, row: number, last: number): string {
  let text = ''
  let order: [number, number, number] = [0, row, 2 * row]
  const groups = length === 64 ? 21 : 10
  for (let group = 0; group < groups; group += 1) {
    text += letters([bytes[order[0]] ?? 0, bytes[order[1]] ?? 0, bytes[order[2]] ?? 0], 4)
    order =
      length === 64 ? [order[1] + 1, order[2] + 1, order[0] + 1] : [order[2] + 1, order[0] + 1, order[1] + 1]
  }
  return (
    text +
    (length === 64 ? letters([0, 0, bytes[last] ?? 0], 2) : letters([0, bytes[31] ?? 0, bytes[30] ?? 0], 3))
  )
}

function md5Crypt(magic: string, password: Uint8Array, salt: Uint8Array): string {
  const b = digest('md5', password, salt, password)
  const first: Uint8Array[] = [password, Buffer.from(magic), salt, repeated(b, password.length)]
  for (let bits = password.length; bits > 0; bits >>= 1)
    first.push((bits & 1) === 1 ? Uint8Array.of(0) : password.subarray(0, 1))
  let a = digest('md5', ...first)
  for (let round = 0; round < 1000; round += 1) {
    const parts: Uint8Array[] = [round % 2 === 1 ? password : a]
    if (round % 3 !== 0) parts.push(salt)
    if (round % 7 !== 0) parts.push(password)
    parts.push(round % 2 === 1 ? a : password)
    a = digest('md5', ...parts)
  }
  const at = (index: number): number => a[index] ?? 0
  const groups = [0, 1, 2, 3, 4].map((index) =>
    letters([at(index), at(index + 6), at(index === 4 ? 5 : index + 12)], 4),
  )
  return groups.join('') + letters([0, 0, at(11)], 2)
}

function repeated(bytes: Uint8Array, length: number): Uint8Array {
  const result = Buffer.alloc(length)
  for (let at = 0; at < length; at += 1) result[at] = bytes[at % bytes.length] ?? 0
  return result
}

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Three bytes as letters of crypt(3), the lowest six bits first. */
function letters([high, middle, low]: readonly [number, number, number], count: number): string {
  let value = (high << 16) | (middle << 8) | low
  let text = ''
  for (let at = 0; at < count; at += 1) {
    text += alphabet.charAt(value & 63)
    value >>= 6
  }
  return text
}
