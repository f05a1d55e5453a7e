import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TextLines } from './text-lines.ts'

/** A piece as a socket lends it: a Buffer, whose memory is gone with the next read. */
function lent(text: string): { piece: Buffer; gone: () => void } {
  const memory = new TextEncoder().encode(text).buffer
  return { piece: Buffer.from(memory), gone: () => void memory.transfer(0) }
}

test('a line that goes on in the next piece is whole, though the memory of the first is gone by then', () => {
  const lines = new TextLines()
  const read = ['one\r\ntw', 'o\r\nthr', 'e', 'e\r\nfo'].flatMap((text) => {
    const { piece, gone } = lent(text)
    const whole = lines.push(piece)
    gone()
    return whole
  })
  assert.deepEqual(read, ['one\r', 'two\r', 'three\r'])
  assert.deepEqual(lines.rest(), ['fo'])
})

test('of a line without end the beginning is kept', () => {
  const lines = new TextLines()
  for (let count = 0; count < 3; count += 1) {
    const { piece, gone } = lent('x'.repeat(60_000))
    assert.deepEqual(lines.push(piece), [])
    gone()
  }
  assert.deepEqual(lines.rest(), ['x'.repeat(64 * 1024)])
})
