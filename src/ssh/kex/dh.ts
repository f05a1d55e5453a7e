import {
  createPublicKey,
  diffieHellman,
  generateKeyPair,
  getDiffieHellman,
  type KeyObject,
  type KeyPairKeyObjectResult,
} from 'node:crypto'
import { ProtocolError } from '../../core/error.ts'
import { Writer } from '../wire/writer.ts'
import type { Half, KexMethod } from './method.ts'

/** A group: its prime, and what is raised to powers. */
export interface Group {
  readonly prime: Uint8Array
  readonly generator: Uint8Array
}

/** Classic Diffie-Hellman in a group of RFC 3526 (RFC 4253 §8, RFC 8268). */
export function classic(name: string, hash: KexMethod['hash'], group: () => Group): KexMethod {
  return {
    name,
    hash,
    begin: () => dhHalf(group()),
    async answer(offer) {
      const mine = await dhHalf(group())
      return { offer: mine.offer, secret: await mine.agree(offer) }
    },
  }
}

export type Modp = 'modp2' | 'modp14' | 'modp15' | 'modp16' | 'modp17' | 'modp18'

/** A group that is known by number: the same for everybody. */
export function modp(name: Modp): Group {
  return { prime: getDiffieHellman(name).getPrime(), generator: Uint8Array.of(2) }
}

/** Our half in a group. The work runs beside the event loop: 8192 bits take tens of milliseconds. */
export async function dhHalf({ prime, generator }: Group): Promise<Half> {
  const options = { prime: Buffer.from(prime), generator: generator[0] ?? 2 }
  const { publicKey, privateKey } = await generate(options)
  return {
    offer: numberIn(publicKey),
    async agree(offer) {
      mustBeInGroup(offer, prime)
      const secret = await agreeOn({ privateKey, publicKey: dhPublic(prime, generator, offer) })
      return new Writer(prime.length + 8).mpint(secret).done()
    },
  }
}

function generate(options: { prime: Buffer; generator: number }): Promise<KeyPairKeyObjectResult> {
  return new Promise((resolve, reject) => {
    generateDh('dh', options, (error, publicKey, privateKey) => {
      if (error === null) resolve({ publicKey, privateKey })
      else reject(new ProtocolError('a group that is none', { cause: error }))
    })
  })
}

/** Node's types do not know of this kind; Node does. */
const generateDh = generateKeyPair as unknown as (
  kind: 'dh',
  options: { prime: Buffer; generator: number },
  done: (error: Error | null, publicKey: KeyObject, privateKey: KeyObject) => void,
) => void

function agreeOn(keys: { privateKey: KeyObject; publicKey: KeyObject }): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    diffieHellman(keys, (error, secret) => {
      if (error === null) resolve(secret)
      else reject(new ProtocolError('a number that gives no secret', { cause: error }))
    })
  })
}

/** Only 1 < e < p - 1 (RFC 4253 §8): with others the secret would be known to everybody. */
function mustBeInGroup(offer: Uint8Array, prime: Uint8Array): void {
  const number = asBigInt(offer)
  const negative = ((offer[0] ?? 0) & 0x80) !== 0
  if (negative || offer.length > prime.length + 1 || number <= 1n || number >= asBigInt(prime) - 1n)
    throw new ProtocolError('a number that is not in the group')
}

function asBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x0${Buffer.from(bytes).toString('hex')}`)
}

/** The public number of a key, as the content of an mpint: the last thing in its SubjectPublicKeyInfo. */
function numberIn(key: KeyObject): Uint8Array {
  const spki = key.export({ format: 'der', type: 'spki' })
  const algorithm = element(spki, element(spki, 0).from)
  const bits = element(spki, algorithm.to)
  const number = element(spki, bits.from + 1)
  return spki.subarray(number.from, number.to)
}

/** Where the content of a DER element begins and ends. */
function element(der: Uint8Array, at: number): { from: number; to: number } {
  const first = der[at + 1] ?? 0
  if (first < 0x80) return { from: at + 2, to: at + 2 + first }
  const count = first & 0x7f
  let length = 0
  for (let next = 0; next < count; next += 1) length = length * 256 + (der[at + 2 + next] ?? 0)
  return { from: at + 2 + count, to: at + 2 + count + length }
}

/** dhKeyAgreement of PKCS #3. */
const keyAgreement = Buffer.from('06092a864886f70d010301', 'hex')

function dhPublic(prime: Uint8Array, generator: Uint8Array, offer: Uint8Array): KeyObject {
  const parameters = der(0x30, der(0x02, positive(prime)), der(0x02, positive(generator)))
  const key = der(0x03, Uint8Array.of(0), der(0x02, positive(offer)))
  const spki = der(0x30, der(0x30, keyAgreement, parameters), key)
  return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
}

function positive(number: Uint8Array): Uint8Array {
  let from = 0
  while (from < number.length - 1 && number[from] === 0) from += 1
  const bytes = number.subarray(from)
  return ((bytes[0] ?? 0) & 0x80) === 0 ? bytes : Buffer.concat([Uint8Array.of(0), bytes])
}

function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.concat(content)
  const { length } = bytes
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Uint8Array.from([tag, ...size]), bytes])
}
