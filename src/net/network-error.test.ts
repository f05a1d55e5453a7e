import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { networkError } from './network-error.ts'

test('the code of an error of another realm, as Node gives to what runs in Jest, is read', () => {
  const thrown: unknown = runInNewContext('Object.assign(new Error("no"), { code: "ECONNREFUSED" })')
  assert.equal(networkError(thrown).fault, 'refused')
  assert.equal(networkError(thrown).cause, thrown)
})
