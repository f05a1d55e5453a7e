import { createHash } from 'node:crypto'
import { Blowfish } from './blowfish.ts'

/** The key that a passphrase gives in files of OpenSSH: bcrypt_pbkdf(3) of OpenBSD. */
export function bcryptKey(
  passphrase: Uint8Array,
  salt: Uint8Array,
  rounds: number,
  length: number,
): Uint8Array {
  const key = new Uint8Array(length)
  const stride = Math.ceil(length / blockSize)
  const share = Math.ceil(length / stride)
  const secret = wordsOf(sha512(passphrase))
  for (let block = 0; block < stride; block += 1) {
    const number = new Uint8Array(4)
    new DataView(number.buffer).setUint32(0, block + 1)
    let last = hashOf(secret, wordsOf(sha512(salt, number)))
    const sum = last.slice()
    for (let round = 1; round < rounds; round += 1) {
      last = hashOf(secret, wordsOf(sha512(last)))
      for (const [index, byte] of last.entries()) sum[index] = (sum[index] ?? 0) ^ byte
    }
    // Not one block behind the other: each gives every stride-th byte.
    for (let index = 0; index < share; index += 1) {
      const place = index * stride + block
      if (place < length) key[place] = sum[index] ?? 0
    }
  }
  return key
}

const blockSize = 32
const magic = new TextEncoder().encode('OxychromaticBlowfishSwatDynamite')

function hashOf(secret: Uint32Array, salt: Uint32Array): Uint8Array {
  const cipher = new Blowfish()
  cipher.expand(secret, salt)
  for (let round = 0; round < 64; round += 1) {
    cipher.expand(salt)
    cipher.expand(secret)
  }
  const words = wordsOf(magic)
  for (let round = 0; round < 64; round += 1) {
    for (let pair = 0; pair < words.length; pair += 2) cipher.encrypt(words, pair)
  }
  const bytes = new Uint8Array(blockSize)
  const view = new DataView(bytes.buffer)
  for (const [index, word] of words.entries()) view.setUint32(index * 4, word, true)
  return bytes
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Uint32Array.from({ length: bytes.length / 4 }, (_, index) => view.getUint32(index * 4))
}

function sha512(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha512')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
