import assert from 'node:assert/strict'
import { test } from 'node:test'
import { once } from './once.ts'

test('what is made once is made when it is asked for, and never again', async () => {
  let made = 0
  const count = once(async () => (made += 1))
  assert.equal(made, 0)
  assert.deepEqual(await Promise.all([count(), count()]), [1, 1])
  assert.equal(await count(), 1)
  assert.equal(made, 1)
})
