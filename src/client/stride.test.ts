import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../testing/fake-clock.ts'
import { Stride } from './stride.ts'

const KiB = 1024

/** How much is moved at a time over a way that takes so many milliseconds for a KiB. */
async function steps(msEach: number, count: number, from = 0): Promise<number[]> {
  const clock = new FakeClock()
  const stride = new Stride(1024 * KiB, clock)
  const sizes: number[] = []
  let at = from
  for (let step = 0; step < count; step += 1) {
    const size = stride.next(at)
    sizes.push(size / KiB)
    at += size
    await clock.advance((size / KiB) * msEach)
  }
  return sizes
}

test('over a quick way the pieces grow to a block, and large ones begin a little behind multiples of their size', async () => {
  const sizes = await steps(0, 8)
  assert.deepEqual(sizes, [64, 96, 128, 256, 512, 1024, 1024, 1024])
  const begins = sizes.map((_size, at) => sizes.slice(0, at).reduce((sum, size) => sum + size, 0))
  assert.deepEqual(
    begins.slice(5).map((begin) => begin % 1024),
    [32, 32, 32],
  )
})

test('over a slow way a piece takes about half a second, and never less than 16 KiB', async () => {
  assert.deepEqual((await steps(25, 8)).slice(3), [32, 32, 32, 32, 32])
  assert.deepEqual((await steps(1000, 8)).slice(3), [16, 16, 16, 16, 16])
  assert.deepEqual((await steps(1, 8)).slice(4), [512, 512, 512, 512])
})

test('a way that gets slow gets small pieces, and one that recovers large ones', async () => {
  const clock = new FakeClock()
  const stride = new Stride(1024 * KiB, clock)
  let at = 0
  const after = async (ms: number): Promise<number> => {
    await clock.advance(ms)
    const size = stride.next(at)
    at += size
    return size / KiB
  }
  // Where the size changes, the first piece of it is cut to begin the next at its place.
  assert.deepEqual([await after(0), await after(0), await after(0)], [64, 96, 128])
  assert.deepEqual([await after(5000), await after(3000), await after(500)], [128, 32, 64])
  assert.deepEqual([await after(0), await after(0)], [32, 256])
})

test('what goes on in the middle of a file comes to such a place with its first piece', async () => {
  assert.deepEqual(await steps(0, 4, 10 * KiB), [54, 96, 128, 256])
})

test('a block that is smaller than that is the most', () => {
  assert.equal(new Stride(5, new FakeClock()).next(0), 5)
})
