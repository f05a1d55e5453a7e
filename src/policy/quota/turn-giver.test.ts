import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryLedger } from '../../cluster/memory.ts'
import { claimsMemory, sharedClaims } from '../../cluster/shared-claims.ts'
import { FileError } from '../../core/error.ts'
import { parsePath } from '../../core/path.ts'
import type { Store } from '../../core/store.ts'
import { memoryStore } from '../../stores/memory.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { loginOf } from '../../testing/login-of.ts'
import { quotas } from '../quota.ts'
import { quotaKeys } from '../../core/quota-keys.ts'
import { TurnGiver } from './turn-giver.ts'

const keys = quotaKeys('anna')
const a = parsePath('/a')
const b = parsePath('/b')

/** Two members of one server that write to one home. */
function world(quota = { bytes: 100, files: 10 }) {
  const ledger = memoryLedger(new FakeClock())
  const giver = new TurnGiver(ledger)
  const memory = claimsMemory()
  const home = memoryStore()
  const member = (owner: number) => {
    const turns = giver.join()
    const rule = quotas(ledger, { turns, claims: sharedClaims(memory, owner) })
    const store = rule.policy(home, loginOf({ name: 'anna', rules: { quota } }))
    return { turns, rule, store }
  }
  const used = async () => [await ledger.read(keys.bytes), await ledger.read(keys.files)]
  return { ledger, giver, home, one: member(1), other: member(2), used }
}

async function put(store: Store, path: typeof a, size: number): Promise<void> {
  const file = await store.open(path, { write: true, create: 'allow', truncate: true })
  try {
    await file.write([new Uint8Array(size)], 0)
    await file.close()
  } catch (thrown) {
    await file.abort(thrown as Error)
    throw thrown
  }
}

const isBusy = (thrown: unknown) => thrown instanceof FileError && thrown.fault === 'busy'
const isOver = (thrown: unknown) => thrown instanceof FileError && thrown.fault === 'quota'

test('what one has booked ahead and not written is there for the other, to the last byte', async () => {
  const limit = 20 * 1024 * 1024
  const { one, other, used } = world({ bytes: limit, files: 10 })
  const slow = await one.store.open(a, { write: true, create: 'allow' })
  await slow.write([new Uint8Array(1)], 0)
  assert.ok(((await used())[0] ?? 0) > 1)
  await put(other.store, b, limit - 3)
  await slow.write([new Uint8Array(1)], 1)
  await slow.write([new Uint8Array(1)], 2)
  await assert.rejects(slow.write([new Uint8Array(1)], 3), isOver)
  await assert.rejects(put(other.store, parsePath('/c'), 1), isOver)
  await slow.close()
  assert.equal((await used())[0], limit)
  await one.store.remove(a)
  await other.store.remove(b)
  const again = await one.store.open(a, { write: true, create: 'allow' })
  await again.write([new Uint8Array(1)], 0)
  assert.ok(((await used())[0] ?? 0) > 1)
  await again.close()
  assert.equal((await used())[0], 1)
})

test('what several write together is held to the limit of all', async () => {
  const { one, other, used } = world()
  await put(one.store, a, 60)
  await assert.rejects(put(other.store, b, 41), isOver)
  await put(other.store, b, 40)
  assert.deepEqual(await used(), [100, 2])
  await assert.rejects(put(one.store, parsePath('/c'), 1), isOver)
  await other.store.remove(a)
  await put(one.store, parsePath('/d'), 60)
  assert.deepEqual((await used())[0], 100)
})

test('both count what is there once, and never over what the other has booked', async () => {
  const { ledger, home, one, other, used } = world()
  await put(home, a, 30)
  const open = await one.store.open(b, { write: true, create: 'allow' })
  await open.write([new Uint8Array(20)], 0)
  await put(other.store, parsePath('/c'), 10)
  await open.close()
  assert.deepEqual(await used(), [60, 3])
  assert.equal(await ledger.read(keys.dirty), 2)
})

test('a file that one writes is neither written, cut nor removed by the other', async () => {
  const { one, other, used } = world()
  const open = await one.store.open(a, { write: true, create: 'allow' })
  await open.write([new Uint8Array(20)], 0)
  await assert.rejects(other.store.open(a, { write: true, truncate: true }), isBusy)
  await assert.rejects(other.store.remove(a), isBusy)
  await assert.rejects(other.store.change(a, { size: 1 }), isBusy)
  await put(other.store, b, 5)
  await assert.rejects(other.store.rename(b, a, true), isBusy)
  await open.close()
  await other.store.rename(b, a, true)
  assert.deepEqual(await used(), [5, 1])
})

test('two that remove and replace at once never give back more than there was', async () => {
  const { one, other, used } = world()
  for (let round = 0; round < 20; round += 1) {
    await put(one.store, a, 10)
    await put(one.store, b, 10)
    await Promise.allSettled([other.store.remove(a), one.store.rename(b, a, true)])
    await Promise.allSettled([one.store.remove(a), other.store.remove(a)])
    assert.deepEqual(await used(), [0, 0])
  }
})

test('an account is counted anew when one that wrote is gone, as soon as nobody writes', async () => {
  const { one, other, used } = world()
  const lost = await one.store.open(a, { write: true, create: 'allow' })
  await lost.write([new Uint8Array(10)], 0)
  const open = await other.store.open(b, { write: true, create: 'allow' })
  one.turns.lose()
  await open.write([new Uint8Array(10)], 0)
  await put(other.store, parsePath('/c'), 10)
  await open.close()
  await put(other.store, parsePath('/d'), 10)
  assert.deepEqual(await used(), [40, 4])
})

test('one that is gone in its turn holds up nobody', async () => {
  const { one, other } = world()
  await one.turns.begin('anna')
  const second = assert.rejects(one.turns.begin('anna'), /lost/u)
  const waiting = put(other.store, b, 5)
  one.turns.lose()
  await second
  await waiting
})

test('an account is counted anew by who comes behind one that is gone in its turn, and no other is', async () => {
  const { one, other } = world()
  for (const account of ['anna', 'ben']) {
    assert.equal((await other.turns.begin(account)).count, true)
    other.turns.end(account, { writing: 0, counted: true })
  }
  assert.equal((await one.turns.begin('anna')).count, false)
  one.turns.lose()
  assert.equal((await other.turns.begin('anna')).count, true)
  assert.equal((await other.turns.begin('ben')).count, false)
})

test('it is recounted on request, but not while another writes', async () => {
  const { home, one, other, used } = world()
  await put(one.store, a, 10)
  await put(home, b, 7)
  const open = await other.store.open(parsePath('/c'), { write: true, create: 'allow' })
  assert.equal(await one.rule.recount('anna', home), false)
  await open.close()
  assert.equal(await one.rule.recount('anna', home), true)
  assert.deepEqual(await used(), [17, 3])
})

test('what was left in order is not counted by the next, and what was not is', async () => {
  const { ledger, giver, home, one, other } = world()
  await put(one.store, a, 10)
  await one.rule.leave()
  await other.rule.leave()
  await giver.end()
  assert.equal(await ledger.read(keys.dirty), 1)
  await put(home, b, 7)
  const next = new TurnGiver(ledger)
  assert.deepEqual(await next.join().begin('anna'), { count: false, alone: true })
  const last = new TurnGiver(ledger)
  assert.deepEqual(await last.join().begin('anna'), { count: true, alone: true })
})

test('an account whose mark was taken away is counted anew', async () => {
  const { ledger, home, one, used } = world()
  await put(one.store, a, 10)
  await put(home, b, 7)
  await ledger.set(keys.dirty, 0)
  await put(one.store, parsePath('/c'), 1)
  assert.deepEqual(await used(), [18, 3])
  assert.equal(await ledger.read(keys.dirty), 2)
})
