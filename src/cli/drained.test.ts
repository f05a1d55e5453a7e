import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { drained } from './drained.ts'

for (const end of ['drain', 'close']) {
  test(`nothing is left listening at a reader who was slow, after ${end}`, async () => {
    const stream = new EventEmitter()
    const waiting = drained(stream)
    stream.emit(end)
    await waiting
    assert.deepEqual(stream.eventNames(), [])
  })
}
