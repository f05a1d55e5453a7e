import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blockPool } from '../../core/blocks.ts'
import type { OpenFile } from '../../core/store.ts'
import type { Outgoing } from './outgoing.ts'
import { sendFile, type Sent } from './send-file.ts'

const block = 128 * 1024
const span = { from: 0, until: 3 * block }

/** A file whose reads are noted, each ending a turn later. */
function fileThatNotes(notes: string[], fault?: Error): Pick<OpenFile, 'read'> {
  return {
    async read(into, at) {
      notes.push(`read ${at / block}`)
      await Promise.resolve()
      if (at > 0 && fault !== undefined) throw fault
      into.fill(at / block)
      return into.length
    },
  }
}

function send(file: Pick<OpenFile, 'read'>, out: Outgoing['write']): Promise<Sent> {
  const whole = { stat: never, write: never, close: never, abort: never, ...file }
  return sendFile(whole, span, { write: out, end: never }, blockPool(block), () => undefined)
}

function never(): never {
  throw new Error('not asked for')
}

test('the next block is being read before one is written, as a write to a socket holds this thread up', async () => {
  const notes: string[] = []
  const sent = await send(fileThatNotes(notes), async (bytes) => {
    notes.push(`write ${bytes[0]}`)
  })
  assert.equal(sent.bytes, span.until)
  assert.deepEqual(notes, ['read 0', 'read 1', 'write 0', 'read 2', 'write 1', 'write 2'])
})

test('what went out is known by its first and its last bytes', async () => {
  const { edges } = await send(fileThatNotes([]), async () => undefined)
  const kept = 16 * 1024
  assert.deepEqual(edges?.pieces, [
    { at: 0, bytes: new Uint8Array(kept) },
    { at: span.until - kept, bytes: new Uint8Array(kept).fill(2) },
  ])
})

test('what was read is written before the fault of the block behind it is told', async () => {
  const notes: string[] = []
  const fault = new Error('the disk is broken')
  const sending = send(fileThatNotes(notes, fault), async (bytes) => {
    await new Promise(setImmediate)
    notes.push(`written ${bytes[0]}`)
  })
  await assert.rejects(sending, fault)
  assert.deepEqual(notes, ['read 0', 'read 1', 'written 0'])
})
