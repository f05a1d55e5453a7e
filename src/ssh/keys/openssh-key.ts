import { createDecipheriv, type DecipherGCM, type KeyObject } from 'node:crypto'
import { ProtocolError } from '../../core/error.ts'
import { poly1305 } from '../packet/poly1305.ts'
import { Reader } from '../wire/reader.ts'
import { bcryptKey } from './bcrypt-kdf.ts'
import type { KeyFile } from './key-file.ts'
import { ecdsaKey, ed25519Key, rsaKey } from './raw-key.ts'

const magic = 'openssh-key-v1\0'

/** Reads a private key as OpenSSH writes it since 2014 (PROTOCOL.key). */
export function parseOpensshKey(text: string): KeyFile {
  const lines = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END OPENSSH PRIVATE KEY-----/u.exec(text)
  const bytes = Buffer.from(lines?.[1] ?? '', 'base64')
  if (bytes.subarray(0, magic.length).toString('latin1') !== magic) throw broken()
  const reader = new Reader(bytes, magic.length)
  const cipher = reader.text()
  const kdf = reader.text()
  const options = reader.string()
  if (reader.uint32() !== 1) throw new ProtocolError('a file with more than one key')
  const blob = reader.string()
  const sealed = reader.string()
  // What proves that nothing was changed stands behind the string.
  const tag = reader.raw(reader.left)
  if (cipher === 'none') {
    const { key, comment } = readKey(sealed)
    return { kind: 'open', key, comment }
  }
  if (kdf !== 'bcrypt') throw new ProtocolError(`keys locked by ${kdf} cannot be opened`)
  return {
    kind: 'locked',
    comment: '',
    blob,
    unlock: (passphrase) => {
      const plain = decrypt(cipher, options, sealed, tag, passphrase)
      return plain === undefined || !isRight(plain) ? undefined : readKey(plain).key
    },
  }
}

const chachaName = 'chacha20-poly1305@openssh.com'

const ciphers: Readonly<Record<string, { name: string; key: number; iv: number }>> = {
  'aes128-ctr': { name: 'aes-128-ctr', key: 16, iv: 16 },
  'aes192-ctr': { name: 'aes-192-ctr', key: 24, iv: 16 },
  'aes256-ctr': { name: 'aes-256-ctr', key: 32, iv: 16 },
  'aes128-cbc': { name: 'aes-128-cbc', key: 16, iv: 16 },
  'aes192-cbc': { name: 'aes-192-cbc', key: 24, iv: 16 },
  'aes256-cbc': { name: 'aes-256-cbc', key: 32, iv: 16 },
  'aes128-gcm@openssh.com': { name: 'aes-128-gcm', key: 16, iv: 12 },
  'aes256-gcm@openssh.com': { name: 'aes-256-gcm', key: 32, iv: 12 },
  '3des-cbc': { name: 'des-ede3-cbc', key: 24, iv: 8 },
  // The second half of its key is for the lengths of packets.
  [chachaName]: { name: 'chacha20', key: 64, iv: 0 },
}

/** More rounds would keep a client busy for minutes. ssh-keygen makes 16 or 24 unless it is told otherwise. */
const mostRounds = 2000

/** undefined: what came out is not what was put in. */
function decrypt(
  cipher: string,
  options: Uint8Array,
  sealed: Uint8Array,
  tag: Uint8Array,
  passphrase: string,
): Uint8Array | undefined {
  const known = ciphers[cipher]
  if (known === undefined) throw new ProtocolError(`keys locked with ${cipher} cannot be opened`)
  const reader = new Reader(options)
  const salt = reader.string()
  const rounds = reader.uint32()
  if (rounds > mostRounds) throw new ProtocolError(`this key wants ${rounds} rounds to be opened`)
  const secret = bcryptKey(Buffer.from(passphrase), salt, rounds, known.key + known.iv)
  if (cipher === chachaName) return openChacha(secret.subarray(0, 32), sealed, tag)
  const decipher = createDecipheriv(known.name, secret.subarray(0, known.key), secret.subarray(known.key))
  if (known.name.endsWith('gcm')) (decipher as DecipherGCM).setAuthTag(tag.subarray(0, 16))
  else decipher.setAutoPadding(false)
  try {
    return Buffer.concat([decipher.update(sealed), decipher.final()])
  } catch {
    return undefined // a wrong passphrase, where the cipher itself can tell
  }
}

/** The stream's first block is the key of the tag; the second is the first to lie over what is sealed (PROTOCOL.chacha20poly1305). */
function openChacha(key: Uint8Array, sealed: Uint8Array, tag: Uint8Array): Uint8Array | undefined {
  const stream = createDecipheriv('chacha20', key, new Uint8Array(16))
  const made = poly1305(stream.update(new Uint8Array(64)).subarray(0, 32), sealed, new Uint8Array(0))
  return Buffer.compare(made, tag.subarray(0, 16)) === 0 ? stream.update(sealed) : undefined
}

/** Two equal numbers stand in front: with a wrong passphrase they are not. */
function isRight(plain: Uint8Array): boolean {
  const reader = new Reader(plain)
  return reader.uint32() === reader.uint32()
}

function readKey(plain: Uint8Array): { key: KeyObject; comment: string } {
  const reader = new Reader(plain)
  if (reader.uint32() !== reader.uint32()) throw broken()
  const key = readNumbers(reader.text(), reader)
  return { key, comment: reader.text() }
}

function readNumbers(kind: string, reader: Reader): KeyObject {
  switch (kind) {
    case 'ssh-ed25519': {
      const point = reader.string()
      return ed25519Key(reader.string().subarray(0, 32), point)
    }
    case 'ecdsa-sha2-nistp256':
    case 'ecdsa-sha2-nistp384':
    case 'ecdsa-sha2-nistp521': {
      const curve = reader.text()
      const point = reader.string()
      return ecdsaKey(curve, point, reader.mpint())
    }
    case 'ssh-rsa': {
      const [n, e, d, qi, p] = [
        reader.mpint(),
        reader.mpint(),
        reader.mpint(),
        reader.mpint(),
        reader.mpint(),
      ]
      return rsaKey({ n, e, d, qi, p, q: reader.mpint() })
    }
    case 'sk-ssh-ed25519@openssh.com':
    case 'sk-ecdsa-sha2-nistp256@openssh.com':
      throw new ProtocolError('the key is on a token: add it to an ssh-agent, which speaks to the token')
    default:
      throw new ProtocolError(`keys of the kind ${kind.slice(0, 64)} are not known`)
  }
}

function broken(): ProtocolError {
  return new ProtocolError('this private key is broken')
}
