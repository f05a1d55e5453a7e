import { poly1305Code } from './poly1305-code.ts'
import { startWasm } from './wasm.ts'

/** The longest message: a packet's largest size and its length field, with room for the last block. */
const longest = 262_144 + 64

const keyAt = 0
const tagAt = 32
const messageAt = 64

/**
 * Poly1305 (RFC 8439 §2.5) of a message that lies in two pieces. node:crypto has it only inside its own AEAD, which pads and
 * counts in another way than SSH does. As WebAssembly it makes twice what plain TypeScript makes (TRUST.md has the numbers).
 */
export function poly1305(key: Uint8Array, first: Uint8Array, second: Uint8Array): Uint8Array {
  const length = first.length + second.length
  if (length > longest) throw new Error('too long for one tag')
  memory.set(key, keyAt)
  memory.set(first, messageAt)
  memory.set(second, messageAt + first.length)
  const over = length % 16
  if (over !== 0) {
    const end = messageAt + length
    memory[end] = 1
    memory.fill(0, end + 1, end + 16 - over)
  }
  run(Math.ceil(length / 16), over === 0 ? 0 : 1)
  return memory.slice(tagAt, tagAt + 16)
}

const pages = Math.ceil((messageAt + longest) / 65_536)

const { run, memory } = startWasm(poly1305Code(pages))
