import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock, settle } from '../../testing/fake-clock.ts'
import { Lanes, type Guest } from './lanes.ts'

function guest(alone: boolean): Guest & { readonly overstayed: () => number } {
  let times = 0
  return {
    alone,
    overstay: () => {
      times += 1
    },
    overstayed: () => times,
  }
}

test('many are in together, one that must be alone is, and nobody overtakes who waits', async () => {
  const lanes = new Lanes(new FakeClock())
  const [a, b, alone, late] = [guest(false), guest(false), guest(true), guest(false)]
  assert.deepEqual([await lanes.enter('x', a), await lanes.enter('x', b)], [true, true])
  const order: string[] = []
  const entered = lanes.enter('x', alone).then(() => order.push('alone'))
  const behind = lanes.enter('x', late).then(() => order.push('late'))
  assert.equal(await lanes.enter('y', guest(true)), true)
  lanes.leave('x', a)
  await settle()
  assert.deepEqual(order, [])
  lanes.leave('x', b)
  await entered
  await settle()
  assert.deepEqual(order, ['alone'])
  lanes.leave('x', alone)
  await behind
  lanes.leave('x', late)
  lanes.leave('x', late)
})

test('who stays too long is told once others wait, and who waits too long hears that it may not', async () => {
  const clock = new FakeClock()
  const lanes = new Lanes(clock)
  const first = guest(true)
  await lanes.enter('x', first)
  await clock.advance(60_000)
  assert.equal(first.overstayed(), 0)
  const second = lanes.enter('x', guest(false))
  await clock.advance(2000)
  assert.ok(first.overstayed() > 0)
  await clock.advance(20_000)
  assert.equal(await second, false)
  lanes.leave('x', first)
  assert.ok(lanes.empty)
  assert.equal(clock.pending, 0)
})

test('a lane that is stopped takes nobody in until it goes on, or is empty', async () => {
  const lanes = new Lanes(new FakeClock())
  const [a, b] = [guest(false), guest(false)]
  await lanes.enter('x', a)
  lanes.stop('x', true)
  assert.ok(lanes.full('x', false))
  const entered = lanes.enter('x', b)
  lanes.stop('x', false)
  assert.equal(await entered, true)
})
