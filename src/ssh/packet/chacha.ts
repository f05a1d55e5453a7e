import { createCipheriv, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto'
import { readUint32 } from '../wire/reader.ts'
import { writeUint32 } from '../wire/writer.ts'
import { chachaBlock, chachaWords } from './chacha-block.ts'
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

/** chacha20-poly1305@openssh.com: one key for what the packet holds, another for its length (PROTOCOL.chacha20poly1305). */
export function chachaSealer(key: Uint8Array): Sealer {
  const keys = keysOf(key)
  return {
    overhead: 64,
    seal(pieces, out, at, sequence) {
      const plain = stage(pieces, 8, false)
      writeUint32(out, at, lengthIn(plain, keys, sequence))
      const sealed = content(keys, sequence).update(plain.subarray(4))
      const end = at + plain.length
      out.set(sealed, at + 4)
      free(sealed)
      const message = out.subarray(at, end)
      takeTagKey(keys, sequence)
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
      const stream = content(keys, sequence)
      takeTagKey(keys, sequence)
      if (!isTag(keys, packet.subarray(0, end), packet.subarray(end))) throw new BadTag()
      return payloadOf(stream.update(packet.subarray(4, end)))
    },
  }
}

interface Keys {
  /** As a KeyObject, which Node takes ten times as fast as bytes. */
  readonly content: KeyObject
  readonly contentWords: Uint32Array
  readonly lengthWords: Uint32Array
}

function keysOf(key: Uint8Array): Keys {
  const first = key.subarray(0, 32)
  return {
    content: createSecretKey(first),
    contentWords: chachaWords(first),
    lengthWords: chachaWords(key.subarray(32, 64)),
  }
}

const lengthWord = new Uint32Array(1)

/** The length field, encrypted or decrypted. */
function lengthIn(head: Uint8Array, { lengthWords }: Keys, sequence: number): number {
  chachaBlock(lengthWords, sequence, lengthWord)
  littleEndian.setUint32(0, lengthWord[0] ?? 0, true)
  return (readUint32(head, 0) ^ littleEndian.getUint32(0)) >>> 0
}

const littleEndian = new DataView(new ArrayBuffer(4))

/** The block counter, 1 for what the packet holds, and the sequence number as a number of eight bytes. */
const iv = Uint8Array.of(1, ...new Uint8Array(15))
/** The same for RFC 8439. */
const nonce = iv.subarray(4)

function content(keys: Keys, sequence: number): ReturnType<typeof createCipheriv> {
  writeUint32(iv, 12, sequence)
  return createCipheriv('chacha20', keys.content, iv)
}

const tagWords = new Uint32Array(8)
const tagKey = new Uint8Array(32)
const tagKeyView = new DataView(tagKey.buffer)

/** The key of the tag is the first half of the first block. */
function takeTagKey({ contentWords }: Keys, sequence: number): void {
  chachaBlock(contentWords, sequence, tagWords)
  for (const [at, word] of tagWords.entries()) tagKeyView.setUint32(4 * at, word, true)
}

const none = new Uint8Array(0)

/** The tag, with other padding where that is needed: the last four bytes are never anything else. */
function tagOfLong(keys: Keys, message: Uint8Array): Uint8Array | undefined {
  const whole = beforeLast(message.length)
  const unfinished = new LongTag(keys.content, nonce, tagKey, message.subarray(0, whole))
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
  return new LongTag(keys.content, nonce, tagKey, message.subarray(0, whole)).fits(
    message.subarray(whole),
    tag,
  )
}

/** Where the last block begins, which holds 1 to 16 bytes. */
function beforeLast(length: number): number {
  return Math.floor((length - 1) / 16) * 16
}
