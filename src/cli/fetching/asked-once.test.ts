import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SecretWanted, TrustWanted } from '../../core/remote.ts'
import { askedOnce } from './asked-once.ts'

const password: SecretWanted = { kind: 'password', prompt: 'Password', host: 'far', user: 'me', attempt: 1 }
const key: TrustWanted = {
  kind: 'host-key',
  host: 'far',
  port: 22,
  algorithm: 'x',
  fingerprint: 'x',
  trouble: 'x',
}

/** Somebody who knows the number of each question. */
function person() {
  let asked = 0
  const ask = askedOnce({
    secret: async () => String((asked += 1)),
    trust: async () => ((asked += 1) > 0 ? 'once' : 'no'),
  })
  return { ask, asked: () => asked }
}

void test('who connects again is asked for no password that was typed, and for no key that was trusted', async () => {
  const { ask, asked } = person()
  for (let turn = 0; turn < 2; turn += 1) {
    assert.equal(await ask.secret(password), '1')
    assert.equal(await ask.trust(key), 'once')
  }
  assert.equal(asked(), 2)
  assert.equal(await ask.secret({ ...password, host: 'other' }), '3')
})

void test('a code, and a password that was wrong, are asked for again, and the right one is kept', async () => {
  const { ask } = person()
  assert.equal(await ask.secret({ ...password, kind: 'code' }), '1')
  assert.equal(await ask.secret({ ...password, kind: 'code' }), '2')
  assert.equal(await ask.secret(password), '3')
  assert.equal(await ask.secret({ ...password, attempt: 2 }), '4')
  assert.equal(await ask.secret(password), '4')
})
