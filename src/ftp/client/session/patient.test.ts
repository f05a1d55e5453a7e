import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NetworkError } from '../../../core/error.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { patient } from './patient.ts'

test('what the other side is silent over ends in time, says for how long, and who finds out why', async () => {
  const clock = new FakeClock()
  const ended: unknown[] = []
  const never = new Promise<never>(() => undefined)
  const waiting = patient(clock, 30_000, never, (error) => void ended.push(error)).catch(
    (thrown: unknown) => thrown,
  )
  await clock.advance(29_999)
  assert.deepEqual(ended, [])
  await clock.advance(1)
  const error = await waiting
  assert.ok(error instanceof NetworkError)
  assert.deepEqual(ended, [error])
  assert.equal(error.message, 'no data moved for 30 s')
  assert.match(String(error.facts.hint), /ferry doctor.*full packets/u)
})

test('what comes in time leaves nothing that ends later', async () => {
  const clock = new FakeClock()
  const ended: unknown[] = []
  assert.equal(await patient(clock, 1000, Promise.resolve(5), (error) => void ended.push(error)), 5)
  await clock.advance(5000)
  assert.deepEqual(ended, [])
})
