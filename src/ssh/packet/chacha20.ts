import { chacha20Code } from './chacha20-code.ts'
import { startWasm } from './wasm.ts'

/** What one block of the stream is laid over. */
export const blockSize = 64

/** The longest message: 8 KiB, as node:crypto is the faster one from a quarter of that on. */
const longest = 8 * 1024

const keyAt = 16
const sequenceAt = 60
const messageAt = 64

const { run, memory } = startWasm(chacha20Code(1))
memory.set(Buffer.from('expand 32-byte k'))
const view = new DataView(memory.buffer)

/** Where what is encrypted or decrypted is to lie. It stays until the next is laid there. */
export const message = memory.subarray(messageAt, messageAt + longest)

/**
 * Lays the stream of ChaCha20 (RFC 8439 §2.4) over the first blocks of `message`, from the stream's first on, as OpenSSH numbers them
 * (PROTOCOL.chacha20poly1305). For short messages: to make an object of node:crypto takes as long as to encrypt three kilobytes here.
 */
export function chacha20(key: Uint8Array, sequence: number, blocks: number): void {
  memory.set(key, keyAt)
  view.setUint32(sequenceAt, sequence)
  run(blocks)
}
