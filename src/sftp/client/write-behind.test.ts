import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NetworkError } from '../../core/error.ts'
import type { Link } from './link.ts'
import { windowFor } from './window.ts'
import { WriteBehind } from './write-behind.ts'

const most = 32 * 1024

/** Writes whose ends are told by hand. */
function writes() {
  const under = new Map<number, PromiseWithResolvers<void>>()
  const link = { roundTripMs: 1 } as Pick<Link, 'roundTripMs'> as Link
  const behind = new WriteBehind({
    link,
    most,
    once: (_data, at, sent) => {
      const end = Promise.withResolvers<void>()
      under.set(at, end)
      sent()
      return end.promise
    },
  })
  return { behind, under }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

void test('no write is further ahead of one that has not ended than a window, as what lies between may be holes', async () => {
  const { behind, under } = writes()
  const window = windowFor(1)
  const writing = behind.write([new Uint8Array(2 * window)], 0)
  await turns()
  for (const [at, end] of under) if (at > 0) end.resolve()
  await turns()
  assert.equal(Math.max(...under.keys()), window - most)
  assert.equal(behind.sure, 0)
  under.get(0)?.resolve()
  await turns()
  assert.equal(Math.max(...under.keys()), 2 * window - most)
  for (const end of under.values()) end.resolve()
  await writing
  await behind.settled()
  assert.equal(behind.sure, 2 * window)
})

void test('what broke off is sure up to the first write that did not end well', async () => {
  const { behind, under } = writes()
  await behind.write([new Uint8Array(3 * most)], 0)
  under.get(0)?.resolve()
  under.get(most)?.reject(new NetworkError('reset', 'cut'))
  under.get(2 * most)?.resolve()
  await assert.rejects(behind.settled(), NetworkError)
  assert.equal(behind.sure, most)
})
