import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ServerEvent } from '../../core/event.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { gatheredEvents } from './gathered-events.ts'

const of = { session: '1', protocol: 'ftp', peer: { address: '192.0.2.1', port: 5 } } as const
const closed: ServerEvent = { ...of, kind: 'closed', reason: 'it said good-bye' }

function removal(path: string): ServerEvent {
  return { ...of, kind: 'file', account: 'anna', deed: 'remove', path }
}

function world() {
  const clock = new FakeClock()
  const told: (readonly ServerEvent[])[] = []
  return { clock, told, events: gatheredEvents((some) => told.push(some), clock) }
}

test('the first is told at once, and those that soon come behind it together', async () => {
  const { clock, told, events } = world()
  for (const path of ['/a', '/b', '/c']) events.emit(removal(path))
  assert.deepEqual(told, [[removal('/a')]])
  await clock.advance(10)
  assert.deepEqual(told.slice(1), [[removal('/b'), removal('/c')]])
  await clock.advance(100)
  assert.equal(told.length, 2)
  events.emit(removal('/d'))
  assert.deepEqual(told.at(-1), [removal('/d')])
})

test('what may let somebody in or keep them out waits for nothing, and what was before it stays before it', async () => {
  const { clock, told, events } = world()
  for (const event of [removal('/a'), removal('/b'), closed]) events.emit(event)
  assert.deepEqual(told, [[removal('/a')], [removal('/b'), closed]])
  assert.equal(clock.pending, 0)
})

test('what waits is told when it has to be', () => {
  const { told, events } = world()
  for (const path of ['/a', '/b']) events.emit(removal(path))
  events.flush()
  events.flush()
  assert.deepEqual(told, [[removal('/a')], [removal('/b')]])
})
