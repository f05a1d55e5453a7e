import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { familyOf } from '../core/address.ts'
import { octetsOf } from '../core/cidr.ts'
import type { Certificate } from '../core/tls.ts'

export interface SelfSigned {
  /** Host names and addresses that it is for; the first names it. */
  readonly names: readonly string[]
  readonly from: Date
  readonly until: Date
}

/**
 * A certificate that vouches for itself, with a fresh key on P-256. Node makes keys and signatures and no certificates, and
 * what is needed of X.509 (RFC 5280 §4.1) is this one page: less than a library would be to trust.
 */
export function selfSigned({ names, from, until }: SelfSigned): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(set(sequence(objectId(commonName), utf8(names[0] ?? 'ferry'))))
  const inside = sequence(
    explicit(0, integer(Uint8Array.of(2))), // version 3
    integer(serialNumber()),
    ecdsaWithSha256,
    name, // who signs
    sequence(time(from), time(until)),
    name, // who is meant
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(subjectAltName(names), basicConstraints, keyUsage, extendedKeyUsage)),
  )
  const signature = sign('sha256', inside, privateKey)
  const whole = sequence(inside, ecdsaWithSha256, bitString(signature))
  return { chain: pem('CERTIFICATE', whole), key: keyPem(privateKey) }
}

const commonName = [2, 5, 4, 3]
const ecdsaWithSha256 = sequence(objectId([1, 2, 840, 10_045, 4, 3, 2]))
/** It is its own authority, and nobody else's: clients that pin it put it among those they trust. */
const basicConstraints = extension([2, 5, 29, 19], true, sequence(Uint8Array.of(0x01, 1, 0xff)))
/** digitalSignature and keyCertSign. */
const keyUsage = extension([2, 5, 29, 15], true, Uint8Array.of(0x03, 2, 2, 0x84))
/** serverAuth and clientAuth: a server that sends files to another is its client. */
const extendedKeyUsage = extension(
  [2, 5, 29, 37],
  false,
  sequence(objectId([1, 3, 6, 1, 5, 5, 7, 3, 1]), objectId([1, 3, 6, 1, 5, 5, 7, 3, 2])),
)

function subjectAltName(names: readonly string[]): Uint8Array {
  const all = names.map((name) =>
    familyOf(name) === undefined ? value(0x82, Buffer.from(name, 'latin1')) : value(0x87, addressBytes(name)),
  )
  return extension([2, 5, 29, 17], false, sequence(...all))
}

function addressBytes(address: string): Uint8Array {
  return Uint8Array.from(octetsOf(address) ?? [])
}

function extension(id: readonly number[], critical: boolean, content: Uint8Array): Uint8Array {
  const mark = critical ? [Uint8Array.of(0x01, 1, 0xff)] : []
  return sequence(objectId(id), ...mark, value(0x04, content))
}

/** Positive, and by chance: two certificates of one name must not have the same. */
function serialNumber(): Uint8Array {
  return Buffer.concat([Uint8Array.of(0x40), randomBytes(15)])
}

/** A tag, the length and the content: all there is to DER (X.690 §8.1). */
function value(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.concat(content)
  const { length } = bytes
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Uint8Array.of(tag, ...size), bytes])
}

function sequence(...content: readonly Uint8Array[]): Uint8Array {
  return value(0x30, ...content)
}

function set(...content: readonly Uint8Array[]): Uint8Array {
  return value(0x31, ...content)
}

function explicit(number: number, content: Uint8Array): Uint8Array {
  return value(0xa0 + number, content)
}

function integer(bytes: Uint8Array): Uint8Array {
  return value(0x02, bytes)
}

function bitString(bytes: Uint8Array): Uint8Array {
  return value(0x03, Uint8Array.of(0), bytes)
}

function utf8(text: string): Uint8Array {
  return value(0x0c, Buffer.from(text))
}

/** The first two numbers share a byte, each other is written in groups of seven bits. */
function objectId([first = 0, second = 0, ...rest]: readonly number[]): Uint8Array {
  const bytes = [first * 40 + second]
  for (const number of rest) {
    const groups = [number & 0x7f]
    for (let left = number >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return value(0x06, Uint8Array.from(bytes))
}

/** Two digits for the year up to 2049, four from then on (RFC 5280 §4.1.2.5). */
function time(when: Date): Uint8Array {
  const digits = when.toISOString().replaceAll(/[-:T]|\.\d+/gu, '')
  const short = when.getUTCFullYear() < 2050
  return value(short ? 0x17 : 0x18, Buffer.from(short ? digits.slice(2) : digits))
}

function keyPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string
}

function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/gu) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}
