import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock, type Clock } from '../../core/clock.ts'
import { offersDescriptors } from './descriptors.ts'
import { Pace } from './pace.ts'

const skip = !(await offersDescriptors()) && 'there is no /proc'

test('nothing is waited for before it is known what is mounted', { skip }, () => {
  assert.equal(new Pace('/proc/self/cwd', systemClock).quick, false)
})

test(
  'where something else than a disk is mounted below, here /proc, it is not waited for',
  { skip },
  async () => {
    const pace = new Pace('/proc/self/root', systemClock)
    await pace.look()
    assert.equal(pace.quick, false)
  },
)

test('a slow call makes the thread pool wait, longer when it is slow again', { skip }, async () => {
  let now = 0
  const clock: Clock = { ...systemClock, ticks: () => now }
  const pace = new Pace('/proc/self/cwd', clock)
  await pace.look()
  assert.equal(pace.quick, true, 'the tests lie on a disk of this machine')
  const slowly = (): void =>
    pace.run(() => {
      now += 20
    })
  slowly()
  assert.equal(pace.quick, false)
  now += 100
  assert.equal(pace.quick, true)
  assert.throws(
    () =>
      pace.run(() => {
        now += 20
        throw new Error('slow and in vain')
      }),
    /in vain/,
  )
  now += 100
  assert.equal(pace.quick, false)
  now += 100
  assert.equal(pace.quick, true)
})

test('one slow call among a thousand is no slow disk: the rest stays short', { skip }, async () => {
  let now = 0
  const clock: Clock = { ...systemClock, ticks: () => now }
  const pace = new Pace('/proc/self/cwd', clock)
  await pace.look()
  for (let turn = 0; turn < 5; turn += 1) {
    pace.run(() => {
      now += 20
    })
    assert.equal(pace.quick, false)
    now += 100
    assert.equal(pace.quick, true)
    for (let call = 0; call < 1000; call += 1) pace.run(() => undefined)
  }
})
