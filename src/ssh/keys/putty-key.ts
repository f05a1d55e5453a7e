import * as crypto from 'node:crypto'
import { ProtocolError } from '../../core/error.ts'
import { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import type { KeyFile } from './key-file.ts'
import { ecdsaKey, ed25519Key, rsaKey } from './raw-key.ts'

/** What stands in a .ppk file. */
interface Parts {
  readonly version: 2 | 3
  readonly kind: string
  readonly encryption: string
  readonly comment: string
  readonly publicBlob: Uint8Array
  readonly privateBlob: Uint8Array
  readonly mac: string
  readonly headers: ReadonlyMap<string, string>
}

interface Secrets {
  readonly key: Uint8Array
  readonly iv: Uint8Array
  readonly macKey: Uint8Array
}

/** Reads a private key as PuTTY writes it (PuTTY's manual, appendix C). */
export function parsePuttyKey(text: string): KeyFile {
  const parts = partsIn(text)
  const { comment } = parts
  if (parts.encryption === 'none') {
    const key = open(parts, '')
    if (key === undefined) throw new ProtocolError('this key was changed after it was made')
    return { kind: 'open', key, comment }
  }
  if (parts.encryption !== 'aes256-cbc') {
    throw new ProtocolError(`keys locked with ${parts.encryption} cannot be opened`)
  }
  return { kind: 'locked', comment, blob: parts.publicBlob, unlock: (passphrase) => open(parts, passphrase) }
}

/** undefined: the proof at the end does not fit, mostly for a wrong passphrase. */
function open(parts: Parts, passphrase: string): crypto.KeyObject | undefined {
  const secrets = parts.version === 2 ? oldSecrets(parts, passphrase) : newSecrets(parts, passphrase)
  const plain = parts.encryption === 'none' ? parts.privateBlob : decrypt(parts.privateBlob, secrets)
  const proven = new Writer(4096)
    .string(parts.kind)
    .string(parts.encryption)
    .string(parts.comment)
    .string(parts.publicBlob)
    .string(plain)
    .done()
  const hash = parts.version === 2 ? 'sha1' : 'sha256'
  const mac = crypto.createHmac(hash, secrets.macKey).update(proven).digest()
  const told = Buffer.from(parts.mac, 'hex')
  if (mac.length !== told.length || !crypto.timingSafeEqual(mac, told)) return undefined
  return keyOf(parts, plain)
}

function decrypt(sealed: Uint8Array, { key, iv }: Secrets): Uint8Array {
  if (sealed.length % 16 !== 0) throw new ProtocolError('this private key is broken')
  const decipher = crypto.createDecipheriv('aes-256-cbc', key, iv).setAutoPadding(false)
  return Buffer.concat([decipher.update(sealed), decipher.final()])
}

function oldSecrets({ encryption }: Parts, passphrase: string): Secrets {
  const half = (number: number): Uint8Array =>
    crypto
      .createHash('sha1')
      .update(Uint8Array.of(0, 0, 0, number))
      .update(passphrase)
      .digest()
  const macKey = crypto
    .createHash('sha1')
    .update('putty-private-key-file-mac-key')
    .update(encryption === 'none' ? '' : passphrase)
    .digest()
  return { key: Buffer.concat([half(0), half(1)]).subarray(0, 32), iv: new Uint8Array(16), macKey }
}

function newSecrets({ encryption, headers }: Parts, passphrase: string): Secrets {
  if (encryption === 'none') {
    return { key: new Uint8Array(0), iv: new Uint8Array(0), macKey: new Uint8Array(0) }
  }
  const number = (name: string, most: number): number => {
    const value = Number(headers.get(name))
    if (!Number.isInteger(value) || value < 1 || value > most)
      throw new ProtocolError(`${name} makes no sense`)
    return value
  }
  const algorithm = (headers.get('Key-Derivation') ?? '').toLowerCase()
  if (algorithm !== 'argon2id' && algorithm !== 'argon2i' && algorithm !== 'argon2d') {
    throw new ProtocolError('this key is locked in a way that is not known')
  }
  // Added in Node 24.7.
  if (!('argon2Sync' in crypto))
    throw new ProtocolError('this Node cannot open such keys: 24.7 and later can')
  const made = crypto.argon2Sync(algorithm, {
    message: passphrase,
    nonce: Buffer.from(headers.get('Argon2-Salt') ?? '', 'hex'),
    parallelism: number('Argon2-Parallelism', 64),
    tagLength: 80,
    memory: number('Argon2-Memory', 1024 * 1024),
    passes: number('Argon2-Passes', 10_000),
  })
  return { key: made.subarray(0, 32), iv: made.subarray(32, 48), macKey: made.subarray(48) }
}

function keyOf({ kind, publicBlob }: Parts, plain: Uint8Array): crypto.KeyObject {
  const open = new Reader(publicBlob)
  const secret = new Reader(plain)
  open.string() // the kind once more
  switch (kind) {
    case 'ssh-rsa': {
      const [e, n] = [open.mpint(), open.mpint()]
      const [d, p, q] = [secret.mpint(), secret.mpint(), secret.mpint()]
      return rsaKey({ n, e, d, p, q, qi: secret.mpint() })
    }
    case 'ssh-ed25519': {
      // A number whose low bytes come first: zeros at its end are left away.
      const seed = new Uint8Array(32)
      seed.set(secret.string().subarray(0, 32))
      return ed25519Key(seed, open.string())
    }
    case 'ecdsa-sha2-nistp256':
    case 'ecdsa-sha2-nistp384':
    case 'ecdsa-sha2-nistp521': {
      const curve = open.text()
      return ecdsaKey(curve, open.string(), secret.mpint())
    }
    default:
      throw new ProtocolError(`keys of the kind ${kind.slice(0, 64)} are not known`)
  }
}

function partsIn(text: string): Parts {
  const lines = text.split(/\r?\n/u)
  const headers = new Map<string, string>()
  const blobs = new Map<string, Uint8Array>()
  for (let at = 0; at < lines.length; at += 1) {
    const [, name, value = ''] = /^([\w-]+): ?(.*)$/u.exec(lines[at] ?? '') ?? []
    if (name === undefined) continue
    headers.set(name, value)
    if (!name.endsWith('-Lines')) continue
    const count = Number(value)
    if (!Number.isInteger(count) || count < 0 || count > lines.length - at) break
    blobs.set(name, Buffer.from(lines.slice(at + 1, at + 1 + count).join(''), 'base64'))
    at += count
  }
  const version = headers.has('PuTTY-User-Key-File-3') ? 3 : 2
  const kind = headers.get(`PuTTY-User-Key-File-${version}`)
  const publicBlob = blobs.get('Public-Lines')
  const privateBlob = blobs.get('Private-Lines')
  const mac = headers.get('Private-MAC')
  if (kind === undefined || publicBlob === undefined || privateBlob === undefined || mac === undefined) {
    throw new ProtocolError('this PuTTY key is of an unknown version, or broken')
  }
  const encryption = headers.get('Encryption') ?? 'none'
  const comment = headers.get('Comment') ?? ''
  return { version, kind, encryption, comment, publicBlob, privateBlob, mac, headers }
}
