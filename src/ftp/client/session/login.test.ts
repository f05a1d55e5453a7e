import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LoginError } from '../../../core/error.ts'
import { atMisbehaving } from '../../../testing/at-misbehaving.ts'
import { say } from '../../../testing/misbehaving/script.ts'

void test('the same login again may go well with a server that is full, and with no other', async () => {
  const nobody = { secret: async () => undefined, trust: async () => 'no' as const }
  for (const [pass, retryable, more] of [
    ['530 Sorry, the maximum number of clients (2) from your host are already connected.', true, {}],
    ['430 Invalid username or password', false, {}],
    ['530 Login incorrect.', false, {}],
    ['230 Welcome', false, { ask: nobody }],
  ] as const) {
    const logged = atMisbehaving({ answers: { PASS: [[say(pass)]] } }, async () => undefined, more)
    const thrown = await logged.catch((error: unknown) => error)
    assert.ok(thrown instanceof LoginError, pass)
    assert.equal(thrown.facts.retryable, retryable, pass)
  }
})
