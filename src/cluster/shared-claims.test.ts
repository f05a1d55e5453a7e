import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test, type TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'
import { claimsMemory, giveAllClaims, sharedClaims } from './shared-claims.ts'

test('what one has the others see, and get once it is given back', () => {
  const memory = claimsMemory()
  const [one, other] = [sharedClaims(memory, 1), sharedClaims(memory, 2)]
  assert.equal(one.take('/a'), true)
  assert.equal(one.take('/a'), false)
  assert.equal(other.take('/a'), false)
  assert.equal(other.has('/a'), true)
  assert.equal(other.take('/b'), true)
  other.give('/a')
  assert.equal(one.has('/a'), true)
  one.give('/a')
  assert.equal(other.has('/a'), false)
  assert.equal(other.take('/a'), true)
})

test('ten thousand names are told apart, and none is left when all are given back', () => {
  const memory = claimsMemory()
  const claims = sharedClaims(memory, 255)
  const names = Array.from({ length: 10_000 }, (_, at) => `/folder/.ferry-part-0123456789abcdef-${at}`)
  const taken = names.filter((name) => claims.take(name))
  assert.ok(taken.length >= names.length - 2, `${taken.length}`)
  for (const name of taken) claims.give(name)
  assert.ok(new Int32Array(memory).every((place) => place === 0))
})

test('what a thread had is free when it is gone, and what others have is not', () => {
  const memory = claimsMemory()
  const [one, other] = [sharedClaims(memory, 1), sharedClaims(memory, 2)]
  one.take('/a')
  other.take('/b')
  giveAllClaims(memory, 1)
  assert.equal(other.has('/a'), false)
  assert.equal(one.has('/b'), true)
})

test('who takes a name between the look and the taking of another has it, and the other does not', (t) => {
  const memory = claimsMemory()
  const [one, other] = [sharedClaims(memory, 1), sharedClaims(memory, 2)]
  let others: boolean | undefined
  beforeTaking(t, () => {
    others = other.take('/a')
  })
  assert.deepEqual([one.take('/a'), others], [false, true])
  other.give('/a')
  assert.equal(one.has('/a'), false, 'who gave way has left nothing')
})

test('so it is where the place before becomes free meanwhile', (t) => {
  const memory = claimsMemory()
  const [one, other] = [sharedClaims(memory, 1), sharedClaims(memory, 2)]
  const before = sharesBucket('/a')
  one.take(before)
  let others: boolean | undefined
  beforeTaking(t, () => {
    others = other.take('/a')
    one.give(before)
  })
  // Whoever has it may give it back while the other has not yet given way.
  const store = Atomics.store
  t.mock.method(Atomics, 'store', (...given: Parameters<typeof store>) => {
    other.give('/a')
    return store(...given)
  })
  assert.deepEqual([one.take('/a'), others], [false, true])
  assert.equal(other.has('/a'), false, 'what was given back is free')
})

test('two threads never have the same name at once', async () => {
  const memory = claimsMemory()
  // Beside each claim stands who has it by their own account.
  const holders = new SharedArrayBuffer(16 * Int32Array.BYTES_PER_ELEMENT)
  const racer = `
    const { parentPort, workerData } = require('node:worker_threads')
    import(workerData.module).then(({ sharedClaims }) => {
      const claims = sharedClaims(workerData.memory, workerData.owner)
      const holders = new Int32Array(workerData.holders)
      let won = 0, broken = 0
      for (let at = 0; at < 200000; at += 1) {
        const which = at % 16
        if (!claims.take('/' + which)) continue
        won += 1
        if (Atomics.compareExchange(holders, which, 0, workerData.owner) !== 0) broken += 1
        Atomics.store(holders, which, 0)
        claims.give('/' + which)
      }
      parentPort.postMessage({ won, broken })
    })`
  const module = new URL('shared-claims.ts', import.meta.url).href
  const racers = [1, 2].map(
    (owner) => new Worker(racer, { eval: true, workerData: { memory, holders, owner, module } }),
  )
  const results = (await Promise.all(racers.map((one) => once(one, 'message')))).map(
    ([result]) => result as { won: number; broken: number },
  )
  for (const { won, broken } of results) {
    assert.equal(broken, 0)
    assert.ok(won > 0)
  }
})

/** Runs once something is looked up and not found, just before it is written down. */
function beforeTaking(t: TestContext, meanwhile: () => void): void {
  const exchange = Atomics.compareExchange
  let begun = false
  t.mock.method(Atomics, 'compareExchange', (...given: Parameters<typeof exchange>) => {
    if (!begun) {
      begun = true
      meanwhile()
    }
    return exchange(...given)
  })
}

/** Another name that stands in the same bucket. */
function sharesBucket(name: string): string {
  const memory = claimsMemory()
  const claims = sharedClaims(memory, 1)
  const places = new Int32Array(memory)
  claims.take(name)
  const place = places.findIndex((held) => held !== 0)
  for (let at = 0; ; at += 1) {
    claims.take(`/${at}`)
    if (places[place + 1] !== 0) return `/${at}`
    claims.give(`/${at}`)
  }
}
