import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ended, isLater, mended, soon } from './soon.ts'

const failure = new Error('it failed')
const fails = (): never => {
  throw failure
}

function why(thrown: unknown): string {
  return thrown === failure ? 'mended' : 'another'
}

test('what is there is gone on with at once, and what is not when it comes', async () => {
  assert.equal(
    soon(2, (number) => number + 1),
    3,
  )
  const later = soon(Promise.resolve(2), (number) => number + 1)
  assert.ok(isLater(later))
  assert.equal(await later, 3)
})

test('a promise of another kind is waited for too', async () => {
  // oxlint-disable-next-line unicorn/no-thenable
  const own = { then: (give: (number: number) => void) => give(2) } as Promise<number>
  assert.ok(isLater(own))
  assert.equal(await own, 2)
})

test('an error is mended where it comes from, now or later', async () => {
  assert.equal(mended<string>(fails, why), 'mended')
  assert.equal(await mended<string>(() => Promise.reject(failure), why), 'mended')
  assert.equal(
    mended(() => 'fine', why),
    'fine',
  )
})

test('the end comes once, behind the work, whatever became of it', async () => {
  const order: string[] = []
  const end = (): void => void order.push('end')
  assert.equal(
    ended(() => order.push('work'), end),
    1,
  )
  assert.throws(() => ended(fails, end), failure)
  await assert.rejects(async () => ended(() => Promise.reject(failure), end), failure)
  const slow = ended(async () => order.push('slow'), end)
  assert.deepEqual(order, ['work', 'end', 'end', 'end', 'slow'])
  await slow
  assert.equal(order.at(-1), 'end')
})
