import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from '../../core/clock.ts'
import { Abort } from './abort.ts'
import { provenEnd } from './proven-end.ts'
import { Refused } from './refused.ts'
import type { Running, Visit } from './visit.ts'

/** A visit whose client is gone at some time, by a clock whose timers are late by so much. */
function meet(goneAfterMs: number, lateMs: number): { visit: Visit; run: Running; moments: () => number } {
  let now = 0
  let moments = 0
  const clock: Clock = {
    now: () => now,
    ticks: () => now,
    after(ms, run) {
      moments += 1
      now += ms + lateMs
      queueMicrotask(run)
      return { cancel: () => undefined }
    },
  }
  const visit = {
    server: { clock },
    get gone() {
      return now >= goneAfterMs
    },
  } as unknown as Visit
  const run = { abort: new Abort() } as unknown as Running
  return { visit, run, moments: () => moments }
}

test('an upload that a killed client left is not proven, though its other connection ends a moment later', async () => {
  const { visit, run } = meet(5, 0)
  await assert.rejects(provenEnd(visit, run, 1000), Refused)
})

test('on a busy machine, where moments are long, more of them are waited', async () => {
  const { visit, run } = meet(60, 20)
  await assert.rejects(provenEnd(visit, run, 1000), Refused)
})

test('on a quiet machine one moment is enough, and a busy one is not waited for without end', async () => {
  const quiet = meet(Number.POSITIVE_INFINITY, 0)
  await provenEnd(quiet.visit, quiet.run, 1000)
  assert.equal(quiet.moments(), 1)
  const busy = meet(Number.POSITIVE_INFINITY, 50)
  await provenEnd(busy.visit, busy.run, 1000)
  assert.equal(busy.moments(), 5)
})
