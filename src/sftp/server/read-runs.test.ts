import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blockPool } from '../../core/blocks.ts'
import { FileError } from '../../core/error.ts'
import { ReadRuns, type Lent } from './read-runs.ts'

/** A file of bytes that count up, read through runs; `most`: what one read brings at most. */
function world(size: number, most = Infinity) {
  const calls: [number, number][] = []
  let out = 0
  const pool = blockPool(4096, 1_000_000)
  const blocks = {
    take(wanted: number) {
      const block = pool.take(wanted)
      out += 1
      return {
        bytes: block.bytes,
        release() {
          out -= 1
          block.release()
        },
      }
    },
  }
  const runs = new ReadRuns(async (into, at) => {
    calls.push([at, into.length])
    if (at === 666) throw new FileError('failed', 'a bad sector')
    const count = Math.max(0, Math.min(into.length, size - at, most))
    for (let index = 0; index < count; index += 1) into[index] = (at + index) & 255
    return count
  }, blocks)
  return { runs, calls, out: () => out }
}

function check({ bytes }: Lent, at: number, length: number): void {
  assert.equal(bytes.length, length, `at ${at}`)
  for (const [index, byte] of bytes.entries()) assert.equal(byte, (at + index) & 255)
}

test('reads that wait and follow each other are done in one go', async () => {
  const { runs, calls, out } = world(1000)
  const lent = await Promise.all([0, 100, 200, 300, 500].map((at) => runs.take(100, at)))
  for (const [index, at] of [0, 100, 200, 300, 500].entries()) check(lent[index] as Lent, at, 100)
  // The first began before the others were there; the last does not follow.
  assert.deepEqual(calls, [
    [0, 100],
    [100, 300],
    [500, 100],
  ])
  for (const one of lent) {
    one.release()
    one.release()
  }
  assert.equal(out(), 0)
})

test('the end of the file is an empty answer, and what lies before it is whole', async () => {
  const { runs, out } = world(250)
  const lent = await Promise.all([0, 100, 200, 300, 400].map((at) => runs.take(100, at)))
  for (const [index, length] of [100, 100, 50, 0, 0].entries())
    check(lent[index] as Lent, index * 100, length)
  for (const one of lent) one.release()
  assert.equal(out(), 0)
})

test('a store that brings less than is asked for ends no file', async () => {
  const { runs } = world(1000, 30)
  const lent = await Promise.all([0, 100, 200].map((at) => runs.take(100, at)))
  for (const [index, at] of [0, 100, 200].entries()) check(lent[index] as Lent, at, 30)
})

test('what fails is told to those who asked, and the next are served', async () => {
  const { runs, out } = world(1000)
  const first = runs.take(66, 600)
  const failing = [runs.take(10, 666), runs.take(10, 676)]
  const later = runs.take(10, 0)
  check(await first, 600, 66)
  for (const one of failing) await assert.rejects(one, FileError)
  check(await later, 0, 10)
  ;(await first).release()
  ;(await later).release()
  assert.equal(out(), 0)
})
