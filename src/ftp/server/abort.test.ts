import assert from 'node:assert/strict'
import test from 'node:test'
import { Abort } from './abort.ts'

test('who listens is told once, and who has stopped listening is not', () => {
  const abort = new Abort()
  const told: string[] = []
  const first = (): void => void told.push('first')
  abort.listen(first)
  abort.listen(() => told.push('second'))
  abort.forget(first)
  abort.check()
  abort.abort(new Error('enough'))
  abort.abort(new Error('again'))
  assert.deepEqual(told, ['second'])
  assert.equal(abort.reason?.message, 'enough')
  assert.throws(() => abort.check(), /enough/u)
})

test('a signal has its reason, whether it was asked for before or after', () => {
  const abort = new Abort()
  const before = abort.signal
  assert.equal(before.aborted, false)
  abort.abort(new Error('enough'))
  assert.equal(before.reason, abort.reason)
  const late = new Abort()
  late.abort(new Error('too late'))
  assert.equal(late.signal.aborted, true)
  assert.equal(late.signal.reason, late.reason)
})
