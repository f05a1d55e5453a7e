import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { matchesPatterns } from '../pattern.ts'

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHost {
  /** `cert-authority`: the key signs certificates of hosts. `revoked`: it must not be taken for any. */
  readonly marker: 'cert-authority' | 'revoked' | undefined
  /** The names as they are written. */
  readonly names: string
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`, … */
  readonly kind: string
  readonly blob: Uint8Array
}

/** Longer lines are not read: no key is that long. */
const longestLine = 16 * 1024

/** Reads a line; undefined: it is a comment, empty, or broken, and counts for nothing. */
export function parseKnownHost(line: string): KnownHost | undefined {
  if (line.length > longestLine) return undefined
  const words = line.trim().split(/[ \t]+/u)
  const [first = ''] = words
  if (first === '' || first.startsWith('#')) return undefined
  const marker = first.startsWith('@') ? first.slice(1) : undefined
  if (marker !== undefined && marker !== 'cert-authority' && marker !== 'revoked') return undefined
  const [names, kind, text] = marker === undefined ? words : words.slice(1)
  if (names === undefined || kind === undefined || text === undefined) return undefined
  if (!/^[\w@.-]+$/u.test(kind) || !/^[A-Za-z0-9+/]+={0,2}$/u.test(text)) return undefined
  return { marker, names, kind, blob: Buffer.from(text, 'base64') }
}

/** The name of a host in these files: with its port where that is not 22. */
export function knownName(host: string, port: number): string {
  const name = host.toLowerCase()
  return port === 22 ? name : `[${name}]:${port}`
}

/** Whether a line speaks of this name. */
export function namesHost({ names }: KnownHost, name: string): boolean {
  if (!names.startsWith('|')) return matchesPatterns(names.split(','), name)
  const [, one, salt, hash] = names.split('|')
  if (one !== '1' || salt === undefined || hash === undefined) return false
  const made = hashed(name, Buffer.from(salt, 'base64'))
  const told = Buffer.from(hash, 'base64')
  return made.length === told.length && timingSafeEqual(made, told)
}

/** A line for a key that is trusted from now on. `hash`: nobody who reads the file learns the name. */
export function formatKnownHost(name: string, kind: string, blob: Uint8Array, hash: boolean): string {
  const key = `${kind} ${Buffer.from(blob).toString('base64')}`
  if (!hash) return `${name} ${key}`
  const salt = randomBytes(20)
  return `|1|${salt.toString('base64')}|${hashed(name, salt).toString('base64')} ${key}`
}

function hashed(name: string, salt: Uint8Array): Buffer {
  return createHmac('sha1', salt).update(name).digest()
}
