import { createCipheriv, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto'
import { readUint32 } from '../wire/reader.ts'
import { writeUint32 } from '../wire/writer.ts'
import { blockSize, chacha20, message as laid } from './chacha20.ts'
import { free } from './free.ts'
import { LongTag } from './long-tag.ts'
import { BadTag, payloadOf, type Opener } from './opener.ts'
import { poly1305 } from './poly1305.ts'
import { putRandom } from './random.ts'
import type { Sealer } from './sealer.ts'
import { stage } from './stage.ts'

const tagLength = 16

/** From here on OpenSSL's Poly1305 is the faster one, though it takes one more object of node:crypto. */
const long = 6 * 1024

/** How often padding is changed until a tag is certain: three of four are not, so that this is never reached. */
const mostTries = 64

/** Up to here the stream is made here: node:crypto takes an object for each packet, and starts to be faster behind this. */
const short = 2 * 1024

/** chacha20-poly1305@openssh.com: one key for what the packet holds, another for its length (PROTOCOL.chacha20poly1305). */
export function chachaSealer(key: Uint8Array): Sealer {
  const keys = keysOf(key)
  return {
    overhead: 64,
    seal(pieces, out, at, sequence) {
      const plain = stage(pieces, 8, false)
      writeUint32(out, at, lengthIn(plain, keys, sequence))
      const end = at + plain.length
      encrypt(keys, sequence, plain.subarray(4), out, at + 4)
      const message = out.subarray(at, end)
      const tag = plain.length < long ? undefined : tagOfLong(keys, message)
      out.set(tag ?? poly1305(tagKey, message, none), end)
      return end + tagLength
    },
  }
}

export function chachaOpener(key: Uint8Array): Opener {
  const keys = keysOf(key)
  return {
    head: 4,
    tag: tagLength,
    block: 8,
    whole: false,
    lengthOf: (head, sequence) => lengthIn(head, keys, sequence),
    open(packet, sequence) {
      const end = packet.length - tagLength
      const decrypted = decrypter(keys, sequence, packet.subarray(4, end))
      if (!isTag(keys, packet.subarray(0, end), packet.subarray(end))) throw new BadTag()
      return payloadOf(decrypted())
    },
  }
}

interface Keys {
  readonly content: Uint8Array
  /** As a KeyObject, which Node takes ten times as fast as bytes. */
  readonly contentObject: KeyObject
  readonly length: Uint8Array
}

function keysOf(key: Uint8Array): Keys {
  const content = key.subarray(0, 32)
  return { content, contentObject: createSecretKey(content), length: key.subarray(32, 64) }
}

/** The length field, encrypted or decrypted. */
function lengthIn(head: Uint8Array, keys: Keys, sequence: number): number {
  laid.set(head.subarray(0, 4))
  chacha20(keys.length, sequence, 1)
  return readUint32(laid, 0)
}

/** The key of the tag of the packet that is at hand: the first half of the stream's first block. */
const tagKey = new Uint8Array(32)

/** Encrypts what a packet holds, from the second block of the stream on, and takes the key of its tag. */
function encrypt(keys: Keys, sequence: number, plain: Uint8Array, out: Uint8Array, at: number): void {
  if (plain.length <= short) {
    out.set(streamOver(keys, sequence, plain), at)
    return
  }
  streamOver(keys, sequence, none)
  const sealed = content(keys, sequence).update(plain)
  out.set(sealed, at)
  free(sealed)
}

/** Takes the key of the tag, and gives what decrypts what the packet holds: nobody sees that before the tag has proven it. */
function decrypter(keys: Keys, sequence: number, sealed: Uint8Array): () => Uint8Array {
  if (sealed.length <= short) {
    const plain = streamOver(keys, sequence, sealed)
    // Of its own: what lies there is laid over by the next one.
    return () => plain.slice()
  }
  streamOver(keys, sequence, none)
  const stream = content(keys, sequence)
  return () => stream.update(sealed)
}

/** Lays the stream over a short message, and its first block over nothing, which is the key of the tag. */
function streamOver({ content }: Keys, sequence: number, bytes: Uint8Array): Uint8Array {
  laid.fill(0, 0, tagKey.length)
  laid.set(bytes, blockSize)
  chacha20(content, sequence, 1 + Math.ceil(bytes.length / blockSize))
  tagKey.set(laid.subarray(0, tagKey.length))
  return laid.subarray(blockSize, blockSize + bytes.length)
}

/** The block counter, 1 for what the packet holds, and the sequence number as a number of eight bytes. */
const iv = Uint8Array.of(1, ...new Uint8Array(15))
/** The same for RFC 8439. */
const nonce = iv.subarray(4)

function content({ contentObject }: Keys, sequence: number): ReturnType<typeof createCipheriv> {
  writeUint32(iv, 12, sequence)
  return createCipheriv('chacha20', contentObject, iv)
}

const none = new Uint8Array(0)

/** The tag, with other padding where that is needed: the last four bytes are never anything else. */
function tagOfLong(keys: Keys, message: Uint8Array): Uint8Array | undefined {
  const whole = beforeLast(message.length)
  const unfinished = new LongTag(keys.contentObject, nonce, tagKey, message.subarray(0, whole))
  for (let tries = 0; tries < mostTries; tries += 1) {
    const tag = unfinished.certain(message.subarray(whole))
    if (tag !== undefined) return tag
    putRandom(message, message.length - 4, 4)
  }
  return undefined
}

function isTag(keys: Keys, message: Uint8Array, tag: Uint8Array): boolean {
  if (message.length < long) return timingSafeEqual(poly1305(tagKey, message, none), tag)
  const whole = beforeLast(message.length)
  return new LongTag(keys.contentObject, nonce, tagKey, message.subarray(0, whole)).fits(
    message.subarray(whole),
    tag,
  )
}

/** Where the last block begins, which holds 1 to 16 bytes. */
function beforeLast(length: number): number {
  return Math.floor((length - 1) / 16) * 16
}
