import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock, type Clock } from '../../core/clock.ts'
import { offersDescriptors } from './descriptors.ts'
import { DiskWatch } from './disk-watch.ts'
import { Pace } from './pace.ts'

const skip = !(await offersDescriptors()) && 'there is no /proc'

const isQuick = (pace: Pace): boolean => pace.begin() !== undefined

test('nothing is waited for before it is known what is mounted', { skip }, () => {
  assert.equal(isQuick(new Pace('/proc/self/cwd', systemClock)), false)
})

test(
  'where something else than a disk is mounted below, here /proc, it is not waited for',
  { skip },
  async () => {
    const pace = new Pace('/proc/self/root', systemClock)
    await pace.look()
    assert.equal(isQuick(pace), false)
  },
)

test('a slow call makes the thread pool wait, longer when it is slow again', { skip }, async () => {
  let now = 0
  const clock: Clock = { ...systemClock, ticks: () => now }
  const pace = new Pace('/proc/self/cwd', clock)
  await pace.look()
  assert.equal(isQuick(pace), true, 'the tests lie on a disk of this machine')
  const slowly = (): void => {
    const begun = pace.begin() ?? now
    now += 20
    pace.end(begun)
  }
  slowly()
  assert.equal(isQuick(pace), false)
  now += 100
  assert.equal(isQuick(pace), true)
  slowly()
  now += 100
  assert.equal(isQuick(pace), false)
  now += 100
  assert.equal(isQuick(pace), true)
})

test('one slow call among a thousand is no slow disk: the rest stays short', { skip }, async () => {
  let now = 0
  const clock: Clock = { ...systemClock, ticks: () => now }
  const pace = new Pace('/proc/self/cwd', clock)
  await pace.look()
  for (let turn = 0; turn < 5; turn += 1) {
    const begun = pace.begin() ?? now
    now += 20
    pace.end(begun)
    assert.equal(isQuick(pace), false)
    now += 100
    assert.equal(isQuick(pace), true)
    for (let call = 0; call < 1000; call += 1) pace.end(pace.begin() ?? now)
  }
})

test(
  'behind a slow call those that are slow for want of a processor keep none from being waited for',
  { skip },
  async () => {
    let [now, waited] = [0, 0]
    const clock: Clock = { ...systemClock, ticks: () => now }
    const pace = new Pace('/proc/self/cwd', clock, new DiskWatch(clock, () => waited))
    await pace.look()
    const lateBy = (ms: number): void => {
      const begun = pace.begin() ?? now
      now += 50
      waited += ms
      pace.end(begun)
    }
    lateBy(45)
    assert.equal(isQuick(pace), false, 'of the first nobody knows')
    now += 100
    for (let turn = 0; turn < 3; turn += 1) {
      lateBy(45)
      assert.equal(isQuick(pace), true)
    }
    lateBy(10)
    assert.equal(isQuick(pace), false)
  },
)
