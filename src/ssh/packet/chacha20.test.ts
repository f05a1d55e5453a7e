import assert from 'node:assert/strict'
import { createCipheriv, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { blockSize, chacha20, message } from './chacha20.ts'

test('RFC 8439 ChaCha20: the stream is that of OpenSSL, for any key, number and length', () => {
  for (const sequence of [0, 1, 255, 256, 0x1234_5678, 0x8000_0000, 0xffff_ffff]) {
    for (const blocks of [0, 1, 2, 33, 128]) {
      const key = randomBytes(32)
      const iv = Buffer.alloc(16)
      iv.writeUInt32BE(sequence, 12)
      const plain = randomBytes(blocks * blockSize)
      message.fill(7)
      message.set(plain)
      chacha20(key, sequence, blocks)
      const right = createCipheriv('chacha20', key, iv).update(plain)
      assert.deepEqual(Buffer.from(message.subarray(0, right.length)), right)
      assert.ok(
        message.subarray(right.length).every((byte) => byte === 7),
        'nothing behind it is touched',
      )
    }
  }
})
