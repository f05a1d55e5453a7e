import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { networkError } from './network-error.ts'

test('the code of an error of another realm, as Node gives to what runs in Jest, is read', () => {
  const thrown: unknown = runInNewContext('Object.assign(new Error("no"), { code: "ECONNREFUSED" })')
  assert.equal(networkError(thrown).fault, 'refused')
  assert.equal(networkError(thrown).cause, thrown)
})

test('that no more can be open is told in words, as a client reads them behind PASV', () => {
  const { fault, message } = networkError(Object.assign(new Error('listen EMFILE'), { code: 'EMFILE' }))
  assert.equal(fault, 'failed')
  assert.match(message, /too many files and connections/)
})
