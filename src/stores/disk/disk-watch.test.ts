import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../core/clock.ts'
import { DiskWatch, waitedForProcessor } from './disk-watch.ts'

/** A watch over a call that takes its time: so long, and so long of that without a processor. */
function watched() {
  let [now, waited, asked] = [0, 0, 0]
  const watch = new DiskWatch({ ...systemClock, ticks: () => now }, () => ((asked += 1), waited))
  const takes = (ms: number, waitsMs: number): void => {
    now += ms
    waited += waitsMs
  }
  const isSlow = (ms: number, waitsMs: number): boolean => {
    const began = watch.begin(now)
    takes(ms, waitsMs)
    return watch.isSlow(began, now)
  }
  return { isSlow, takes, asked: () => asked }
}

/** The same behind a first slow call. */
function watchedClosely() {
  const made = watched()
  assert.equal(made.isSlow(30, 30), true)
  return made
}

test('a call that took long is the disk’s, unless it took long for want of a processor', () => {
  const { isSlow } = watchedClosely()
  assert.equal(isSlow(30, 0), true)
  assert.equal(isSlow(30, 29), false)
  assert.equal(isSlow(30, 15), true, 'fifteen of them were the disk’s')
  assert.equal(isSlow(9, 0), false)
})

test('what was waited for before a call says nothing about it', () => {
  const { isSlow, takes } = watchedClosely()
  assert.equal(isSlow(1, 0), false)
  takes(500, 500)
  assert.equal(isSlow(30, 0), true)
})

test('the system is asked once for many quick calls, and not at all where none has been slow lately', () => {
  const quiet = watched()
  for (let call = 0; call < 1000; call += 1) quiet.isSlow(0.01, 0)
  assert.equal(quiet.asked(), 0)
  const { isSlow, takes, asked } = watchedClosely()
  for (let call = 0; call < 1000; call += 1) isSlow(0.01, 0)
  assert.ok(asked() > 0 && asked() < 10, `${asked()}`)
  const before = asked()
  takes(20_000, 0)
  for (let call = 0; call < 1000; call += 1) isSlow(0.01, 0)
  assert.equal(asked(), before)
})

test('where nobody tells of waiting for a processor every long call is the disk’s', () => {
  const watch = new DiskWatch(systemClock)
  assert.equal(watch.isSlow(watch.begin(0), 30), true)
})

test(
  'Linux tells how long a thread has waited for a processor',
  { skip: process.platform !== 'linux' },
  () => {
    const before = waitedForProcessor()
    const until = performance.now() + 5
    while (performance.now() < until);
    const waited = waitedForProcessor() - before
    assert.ok(waited >= 0 && Number.isFinite(waited), `${waited}`)
  },
)
