import { createCipheriv, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto'
import { readUint32 } from '../wire/reader.ts'
import { writeUint32 } from '../wire/writer.ts'
import { free } from './free.ts'
import { BadTag, payloadOf, type Opener } from './opener.ts'
import { poly1305 } from './poly1305.ts'
import type { Sealer } from './sealer.ts'
import { stage } from './stage.ts'

const tagLength = 16

/** chacha20-poly1305@openssh.com: one key for what the packet holds, another for its length (PROTOCOL.chacha20poly1305). */
export function chachaSealer(key: Uint8Array): Sealer {
  const { content, length } = keysOf(key)
  return {
    overhead: 64,
    seal(pieces, out, at, sequence) {
      const plain = stage(pieces, 8, false)
      const head = crypt(length, sequence, plain.subarray(0, 4))
      const { tagKey, result } = cryptContent(content, sequence, plain.subarray(4))
      out.set(head, at)
      out.set(result, at + 4)
      out.set(poly1305(tagKey, head, result), at + 4 + result.length)
      const end = at + 4 + result.length + tagLength
      free(result)
      return end
    },
  }
}

export function chachaOpener(key: Uint8Array): Opener {
  const { content, length } = keysOf(key)
  return {
    head: 4,
    tag: tagLength,
    block: 8,
    whole: false,
    lengthOf: (head, sequence) => readUint32(crypt(length, sequence, head.subarray(0, 4)), 0),
    open(packet, sequence) {
      const end = packet.length - tagLength
      const stream = createCipheriv('chacha20', content, nonce(sequence))
      const tagKey = stream.update(firstBlock)
      const tag = poly1305(tagKey.subarray(0, 32), packet.subarray(0, end), none)
      if (!timingSafeEqual(tag, packet.subarray(end))) throw new BadTag()
      return payloadOf(stream.update(packet.subarray(4, end)))
    },
  }
}

const none = new Uint8Array(0)

/** The key of the tag is the first half of the first block; what the packet holds begins with the second block. */
const firstBlock = new Uint8Array(64)

/** As KeyObjects, which Node takes ten times as fast as bytes. */
function keysOf(key: Uint8Array): { content: KeyObject; length: KeyObject } {
  return { content: createSecretKey(key.subarray(0, 32)), length: createSecretKey(key.subarray(32, 64)) }
}

function cryptContent(
  key: KeyObject,
  sequence: number,
  bytes: Uint8Array,
): { tagKey: Uint8Array; result: Uint8Array } {
  const stream = createCipheriv('chacha20', key, nonce(sequence))
  const tagKey = stream.update(firstBlock).subarray(0, 32)
  return { tagKey, result: stream.update(bytes) }
}

function crypt(key: KeyObject, sequence: number, bytes: Uint8Array): Uint8Array {
  return createCipheriv('chacha20', key, nonce(sequence)).update(bytes)
}

const iv = new Uint8Array(16)

/** The block counter, from zero, and the sequence number as a number of eight bytes. */
function nonce(sequence: number): Uint8Array {
  writeUint32(iv, 12, sequence)
  return iv
}
