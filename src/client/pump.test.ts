import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath } from '../core/path.ts'
import type { OpenFile } from '../core/store.ts'
import { PassingFile } from '../policy/passing.ts'
import { memoryStore } from '../stores/memory.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { pump } from './pump.ts'

const KiB = 1024
const how = { read: true, write: true, create: 'allow' } as const

/** A file that takes so many milliseconds for a KiB that is read. */
class SlowFile extends PassingFile {
  readonly #clock: FakeClock
  readonly #msEach: number

  constructor(inner: OpenFile, clock: FakeClock, msEach: number) {
    super(inner)
    this.#clock = clock
    this.#msEach = msEach
  }

  override async read(into: Uint8Array, at: number): Promise<number> {
    const count = await super.read(into, at)
    await this.#clock.advance((count / KiB) * this.#msEach)
    return count
  }
}

for (const [way, msEach, most] of [
  ['slow', 25, 64],
  ['quick', 0, 1024],
] as const) {
  test(`over a ${way} way no more than ${most} KiB are moved before that is told`, async () => {
    const clock = new FakeClock()
    const store = memoryStore({ clock })
    const from = await store.open(parsePath('/from'), how)
    const to = await store.open(parsePath('/to'), how)
    const bytes = Buffer.from(Array.from({ length: 3000 * KiB }, (_, at) => at % 253))
    await from.write([bytes], 0)
    const told: number[] = []
    const moved = (count: number): void => void told.push(count / KiB)
    const count = await pump(new SlowFile(from, clock, msEach), to, { from: 0, moved, clock })
    assert.equal(count, bytes.length)
    assert.equal(Math.max(...told), most)
    const there = Buffer.alloc(bytes.length + 1)
    assert.equal(await to.read(there, 0), bytes.length)
    assert.deepEqual(there.subarray(0, bytes.length), bytes)
  })
}
