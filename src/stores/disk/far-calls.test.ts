import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../core/clock.ts'
import { lstat } from './calls.ts'
import { inTurn, mostFarCalls } from './far-calls.ts'
import { Pace } from './pace.ts'
import { quickCalls } from './quick-calls.ts'

test('disks that do not answer hold all threads of the pool but one, and who waits comes when one answers', async () => {
  const stuck = Array.from({ length: mostFarCalls }, () => Promise.withResolvers<void>())
  const calls = stuck.map(({ promise }) => inTurn(() => promise))
  const clock = { ...systemClock, ticks: () => 0 }
  // Of what cannot be looked at nobody knows where it is.
  const pace = new Pace('/none', clock)
  const near = new Pace('/proc/self/cwd', clock)
  assert.ok((await quickCalls(near, near).lookFor('/'))?.isDirectory())
  let told = false
  const waiting = Promise.resolve(quickCalls(pace, pace).lookFor('/')).then((stats) => {
    told = true
    return stats
  })
  // The pool takes one after the other: what was asked before is answered before.
  await lstat('/')
  await lstat('/')
  assert.ok(!told)
  stuck[0]?.resolve()
  assert.ok((await waiting)?.isDirectory())
  for (const { resolve } of stuck) resolve()
  await Promise.all(calls)
  assert.equal(await inTurn(async () => 5), 5)
})
