import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatBytes } from './format-bytes.ts'

test('sizes are told as people read them', () => {
  assert.equal(formatBytes(0), '0 bytes')
  assert.equal(formatBytes(1), '1 byte')
  assert.equal(formatBytes(999), '999 bytes')
  assert.equal(formatBytes(1000), '1.0 kB')
  assert.equal(formatBytes(999_949), '1.0 MB')
  assert.equal(formatBytes(1_500_000), '1.5 MB')
  assert.equal(formatBytes(123_456_789), '123 MB')
  assert.equal(formatBytes(5e18), '5000 PB')
})
