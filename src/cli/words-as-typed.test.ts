import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wordsAsTyped } from './words-as-typed.ts'

const line = Buffer.from('node\0ferry.js\0put\0caf\xe9.txt\0\0', 'latin1')

const silent = (): never => {
  throw new Error('no /proc')
}

test('a name on the command line that is not UTF-8 keeps its bytes', () => {
  assert.deepEqual(
    wordsAsTyped(['put', 'caf\ufffd.txt', ''], () => line),
    ['put', 'caf\udce9.txt', ''],
  )
})

test('the system is not asked for words that came whole, and where it cannot tell they stay as they came', () => {
  assert.deepEqual(wordsAsTyped(['put', 'café'], silent), ['put', 'café'])
  assert.deepEqual(wordsAsTyped(['put', '\ufffd'], silent), ['put', '\ufffd'])
})
