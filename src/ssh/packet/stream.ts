import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual, type KeyObject } from 'node:crypto'
import { readUint32 } from '../wire/reader.ts'
import { writeUint32 } from '../wire/writer.ts'
import { free } from './free.ts'
import { BadTag, payloadOf, type Opener } from './opener.ts'
import type { Sealer } from './sealer.ts'
import { stage } from './stage.ts'

/** A keyed hash over packets; `early`: over the encrypted one, whose length is in clear (-etm@openssh.com). */
export interface PacketMac {
  readonly hash: string
  readonly length: number
  readonly key: KeyObject
  readonly early: boolean
}

interface StreamKeys {
  readonly key: Uint8Array
  readonly iv: Uint8Array
}

/** A cipher that goes on from packet to packet, in counter mode (RFC 4344 §4) or chained, with a MAC of its own (RFC 6668). */
export function streamSealer(name: string, { key, iv }: StreamKeys, mac: PacketMac, block: number): Sealer {
  const cipher = createCipheriv(name, key, iv).setAutoPadding(false)
  return {
    overhead: 64 + mac.length,
    seal(pieces, out, at, sequence) {
      const plain = stage(pieces, block, !mac.early)
      const clear = mac.early ? 4 : 0
      out.set(plain.subarray(0, clear), at)
      const tag = mac.early ? undefined : tagOf(mac, sequence, plain)
      const sealed = cipher.update(plain.subarray(clear))
      out.set(sealed, at + clear)
      free(sealed)
      const end = at + plain.length
      out.set(tag ?? tagOf(mac, sequence, out.subarray(at, end)), end)
      return end + mac.length
    },
  }
}

export function streamOpener(name: string, { key, iv }: StreamKeys, mac: PacketMac, block: number): Opener {
  const decipher = createDecipheriv(name, key, iv).setAutoPadding(false)
  return mac.early ? earlyOpener(decipher, mac, block) : lateOpener(decipher, mac, block)
}

type Decipher = ReturnType<typeof createDecipheriv>

function earlyOpener(decipher: Decipher, mac: PacketMac, block: number): Opener {
  return {
    head: 4,
    tag: mac.length,
    block,
    whole: false,
    lengthOf: (head) => readUint32(head, 0),
    open(packet, sequence) {
      const end = packet.length - mac.length
      mustMatch(tagOf(mac, sequence, packet.subarray(0, end)), packet.subarray(end))
      return payloadOf(decipher.update(packet.subarray(4, end)))
    },
  }
}

function lateOpener(decipher: Decipher, mac: PacketMac, block: number): Opener {
  let first: Uint8Array = new Uint8Array(0)
  return {
    head: block,
    tag: mac.length,
    block,
    whole: true,
    lengthOf(head) {
      first = decipher.update(head.subarray(0, block))
      return readUint32(first, 0)
    },
    open(packet, sequence) {
      const end = packet.length - mac.length
      const plain = new Uint8Array(end)
      plain.set(first)
      plain.set(decipher.update(packet.subarray(block, end)), block)
      mustMatch(tagOf(mac, sequence, plain), packet.subarray(end))
      return payloadOf(plain.subarray(4))
    },
  }
}

const counter = new Uint8Array(4)

function tagOf(mac: PacketMac, sequence: number, bytes: Uint8Array): Uint8Array {
  writeUint32(counter, 0, sequence)
  return createHmac(mac.hash, mac.key).update(counter).update(bytes).digest()
}

function mustMatch(tag: Uint8Array, shown: Uint8Array): void {
  if (!timingSafeEqual(tag, shown)) throw new BadTag()
}
