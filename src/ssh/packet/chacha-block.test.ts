import assert from 'node:assert/strict'
import { createCipheriv, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { chachaBlock, chachaWords } from './chacha-block.ts'

test('the first block is that of OpenSSL, for any key and number', () => {
  for (const sequence of [0, 1, 255, 256, 0x1234_5678, 0x8000_0000, 0xffff_ffff]) {
    const key = randomBytes(32)
    const iv = Buffer.alloc(16)
    iv.writeUInt32BE(sequence, 12)
    const right = createCipheriv('chacha20', key, iv).update(new Uint8Array(64))
    const words = new Uint32Array(12)
    chachaBlock(chachaWords(key), sequence, words)
    assert.deepEqual(
      [...words],
      Array.from({ length: 12 }, (_, at) => right.readUInt32LE(4 * at)),
    )
  }
})
