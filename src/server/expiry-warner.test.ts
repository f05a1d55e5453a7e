import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../testing/fake-clock.ts'
import { recordedEvents } from '../testing/recorded-events.ts'
import { ExpiryWarner } from './expiry-warner.ts'

const hour = 3_600_000
const day = 24 * hour

/** What is told of a certificate, hour by hour. */
async function toldOf(from: number, until: number, hours: number): Promise<string[]> {
  const clock = new FakeClock()
  const events = recordedEvents()
  const warner = new ExpiryWarner(clock, events)
  const began = clock.now()
  for (let passed = 0; passed < hours; passed += 1) {
    warner.look([{ what: 'it', begins: began + from, expires: began + until }])
    await clock.advance(hour)
  }
  return events.of('warning').map(({ text }) => text.replace(/: .*/u, ''))
}

test('of a certificate that holds for long, the last three weeks are told, day by day', async () => {
  const told = await toldOf(0, 365 * day, 365 * 24 + 2)
  assert.equal(told.length, 22)
  assert.equal(told[0], 'it expires in 21 days')
  assert.equal(told.at(-2), 'it expires in 24 hours')
  assert.equal(told.at(-1), 'it has expired')
})

test('of one that holds for hours, the last third', async () => {
  assert.deepEqual(await toldOf(0, 9 * hour, 9), ['it expires in 3 hours'])
})

test('one that is to hold later is told, and one that holds for ever is not', async () => {
  assert.deepEqual(await toldOf(5 * day, 50 * day, 3), ['it is not valid yet'])
  assert.deepEqual(await toldOf(0, Number.POSITIVE_INFINITY, 3), [])
})
