import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'node:test'
import { ReadAhead } from './read-ahead.ts'

/** How much it is asked for at once. */
const most = 100_000

/** A server with one file, which answers in its own time and as shortly as it likes, and counts what is lent. */
function server(size: number, roundTripMs: number, likely?: number) {
  const there = { size, lent: 0, asked: [] as number[], fails: false }
  const link = { answers: 0, roundTripMs }
  const some = async (length: number, at: number): Promise<number> => {
    there.asked.push(at)
    for (let turns = randomInt(4); turns > 0; turns -= 1) await turn()
    link.answers += 1
    if (there.fails) throw new Error('the disk is gone')
    const left = Math.max(Math.min(length, there.size - at), 0)
    return left === 0 ? 0 : randomInt(4) > 0 ? left : randomInt(1, left + 1)
  }
  const ahead = new ReadAhead({
    link,
    most,
    once: async (into, at) => {
      const count = await some(into.length, at)
      into.set(numbered(at, count))
      return count
    },
    lend: async (length, at) => {
      const bytes = numbered(at, await some(length, at))
      there.lent += 1
      return { bytes, release: () => void (there.lent -= 1) }
    },
    likely,
  })
  return { ahead, there }
}

const whole = Uint8Array.from({ length: 2_000_000 }, (_, index) => index % 251)

function numbered(from: number, count: number): Uint8Array {
  return whole.subarray(from, from + count)
}

async function settled(): Promise<void> {
  for (let turns = 0; turns < 50; turns += 1) await turn()
}

for (const [way, roundTripMs] of [
  ['a short', 0],
  ['a long', 50],
] as const) {
  test(`a file comes whole over ${way} way, whatever sizes are asked for and answered`, async () => {
    for (const size of [0, 1, most - 1, most, most + 1, 1_500_000]) {
      for (const likely of [undefined, size, size + 3 * most, Math.floor(size / 2)]) {
        const { ahead, there } = server(size, roundTripMs, likely)
        let at = 0
        for (;;) {
          const into = new Uint8Array(randomInt(1, 3 * most))
          const count = await ahead.read(into, at)
          assert.ok(Buffer.compare(into.subarray(0, count), numbered(at, count)) === 0)
          at += count
          if (count < into.length) break
        }
        assert.equal(at, size)
        assert.equal(await ahead.read(new Uint8Array(10), at), 0)
        there.size += 5
        assert.equal(await ahead.read(new Uint8Array(10), at), 5)
        ahead.forget()
        await settled()
        assert.equal(there.lent, 0)
      }
    }
  })

  test(`who jumps about in a file gets what stands there over ${way} way`, async () => {
    const { ahead, there } = server(1_000_000, roundTripMs)
    let at = 0
    for (let times = 0; times < 100; times += 1) {
      const into = new Uint8Array(randomInt(1, 2 * most))
      if (randomInt(4) === 0) at = randomInt(1_100_000)
      const count = await ahead.read(into, at)
      assert.equal(count, Math.max(Math.min(into.length, 1_000_000 - at), 0))
      assert.ok(Buffer.compare(into.subarray(0, count), numbered(at, count)) === 0)
      at += count
    }
    ahead.forget()
    await settled()
    assert.equal(there.lent, 0)
  })

  test(`what goes wrong is told over ${way} way, and keeps no memory`, async () => {
    const { ahead, there } = server(1_500_000, roundTripMs)
    for (const at of [0, 200, 400]) await ahead.read(new Uint8Array(200), at)
    there.fails = true
    await assert.rejects(async () => {
      for (let at = 600; ; at += 2000) await ahead.read(new Uint8Array(2000), at)
    }, /the disk is gone/)
    await settled()
    assert.equal(there.lent, 0)
    there.fails = false
    const again = new Uint8Array(2000)
    assert.equal(await ahead.read(again, 900_000), 2000)
    assert.deepEqual(again, numbered(900_000, 2000))
  })
}

test('whether a small file ends where it is likely to is asked beside its bytes: that is one round trip', async () => {
  const { ahead, there } = server(700, 50, 700)
  const reading = ahead.read(new Uint8Array(3000), 0)
  assert.deepEqual(there.asked.slice(0, 2), [0, 700])
  assert.equal(await reading, 700)
})

test('who reads once over a short way asks for no more than that; who goes on is read ahead for, as far as the file is likely to go', async () => {
  const { ahead, there } = server(1_500_000, 0, 350_000)
  await ahead.read(new Uint8Array(2000), 0)
  assert.ok(Math.max(...there.asked) < 2000)
  there.asked.length = 0
  await ahead.read(new Uint8Array(2000), 2000)
  for (const at of [2000, 102_000, 202_000]) assert.ok(there.asked.includes(at))
  assert.ok(Math.max(...there.asked) < 350_000)
  ahead.forget()
})

test('a single large read is asked for in parts that end where the file is likely to', async () => {
  const { ahead, there } = server(1_000_000, 0, 250_000)
  assert.equal(await ahead.read(new Uint8Array(310_000), 20_000), 310_000)
  const begun = [20_000, 120_000, 220_000, 250_000]
  assert.deepEqual(there.asked.slice(0, begun.length), begun)
})
