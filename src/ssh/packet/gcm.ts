import { createCipheriv, createDecipheriv, createSecretKey, type CipherGCMTypes } from 'node:crypto'
import { readUint32 } from '../wire/reader.ts'
import { free } from './free.ts'
import { BadTag, payloadOf, type Opener } from './opener.ts'
import type { Sealer } from './sealer.ts'
import { stage } from './stage.ts'

const tagLength = 16

/**
 * AES-GCM as OpenSSH names it (RFC 5647): the length travels in clear and is authenticated. The key is made a KeyObject once:
 * Node looks at bytes so long, for each packet, that it costs more than to encrypt it.
 */
export function gcmSealer(name: CipherGCMTypes, key: Uint8Array, firstIv: Uint8Array): Sealer {
  const iv = Uint8Array.from(firstIv)
  const secret = createSecretKey(key)
  return {
    overhead: 64,
    seal(pieces, out, at) {
      const plain = stage(pieces, 16, false)
      const cipher = createCipheriv(name, secret, iv)
      const length = plain.subarray(0, 4)
      cipher.setAAD(length)
      const sealed = cipher.update(plain.subarray(4))
      cipher.final()
      out.set(length, at)
      out.set(sealed, at + 4)
      out.set(cipher.getAuthTag(), at + 4 + sealed.length)
      countUp(iv)
      const end = at + 4 + sealed.length + tagLength
      free(sealed)
      return end
    },
  }
}

export function gcmOpener(name: CipherGCMTypes, key: Uint8Array, firstIv: Uint8Array): Opener {
  const iv = Uint8Array.from(firstIv)
  const secret = createSecretKey(key)
  return {
    head: 4,
    tag: tagLength,
    block: 16,
    whole: false,
    lengthOf: (head) => readUint32(head, 0),
    open(packet) {
      const end = packet.length - tagLength
      const decipher = createDecipheriv(name, secret, iv)
      decipher.setAAD(packet.subarray(0, 4))
      const plain = decipher.update(packet.subarray(4, end))
      decipher.setAuthTag(packet.subarray(end))
      try {
        decipher.final()
      } catch {
        throw new BadTag()
      }
      countUp(iv)
      return payloadOf(plain)
    },
  }
}

/** The last eight bytes are the invocation counter (RFC 5647 §7.1). */
function countUp(iv: Uint8Array): void {
  for (let at = 11; at >= 4; at -= 1) {
    const next = ((iv[at] ?? 0) + 1) & 0xff
    iv[at] = next
    if (next !== 0) return
  }
}
