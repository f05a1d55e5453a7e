import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WireReader } from './reader.ts'
import { WireWriter } from './writer.ts'

/** One that is written while others are: they share memory. */
function begin(number: number): WireWriter {
  const writer = new WireWriter(number % 256)
  writer.uint32(number)
  return writer
}

test('messages that are written beside one another keep what is theirs, also where they get longer than most', () => {
  const filler = new Uint8Array(300).fill(7)
  const writers = Array.from({ length: 200 }, (_, number) => begin(number))
  for (const [number, writer] of writers.entries()) {
    writer.rest(filler.subarray(0, number % 7 === 0 ? 300 : number % 120))
    writer.uint64(number * 2 ** 40)
  }
  const messages = writers.map((writer) => writer.message())
  for (const [number, message] of messages.entries()) {
    const size = number % 7 === 0 ? 300 : number % 120
    const reader = new WireReader(message)
    assert.equal(reader.uint32(), message.length - 4)
    assert.equal(reader.byte(), number % 256)
    assert.equal(reader.uint32(), number)
    for (let at = 0; at < size; at += 1) assert.equal(reader.byte(), 7)
    assert.equal(reader.uint64(), number * 2 ** 40)
    assert.equal(reader.left, 0)
  }
})

test('numbers of four bytes are read without a sign, and texts that are empty are written', () => {
  const writer = new WireWriter(1)
  writer.uint32(0xffff_fffe)
  writer.text('')
  writer.text('ä')
  const reader = new WireReader(writer.message(), 5)
  assert.equal(reader.uint32(), 0xffff_fffe)
  assert.equal(reader.text(), '')
  assert.equal(reader.text(), 'ä')
})
