import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { asError, FileError, type Fault } from './error.ts'

test('a fault that no protocol has a code for is told as failed, with its message', () => {
  const error = new FileError('ENOENT' as Fault, 'gone away')
  assert.equal(error.fault, 'failed')
  assert.equal(error.message, 'gone away')
})

test('an error of another realm, as Node gives to what runs in Jest, is one', () => {
  const error: unknown = runInNewContext('new Error("from there")')
  assert.equal(asError(error), error)
  assert.equal(asError('a text').message, 'a text')
})
