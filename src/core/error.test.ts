import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError, type Fault } from './error.ts'

test('a fault that no protocol has a code for is told as failed, with its message', () => {
  const error = new FileError('ENOENT' as Fault, 'gone away')
  assert.equal(error.fault, 'failed')
  assert.equal(error.message, 'gone away')
})
