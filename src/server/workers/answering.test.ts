import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock, settle } from '../../testing/fake-clock.ts'
import { Answering } from './answering.ts'

function world() {
  const clock = new FakeClock()
  const hanging: string[] = []
  let waiting: (() => void)[] = []
  const quick = { name: 'quick', alive: async () => undefined }
  const slow = { name: 'slow', alive: () => new Promise<void>((resolve) => waiting.push(resolve)) }
  const members = [quick, slow]
  const answering = new Answering(
    () => members,
    clock,
    ({ name }) => hanging.push(name),
  )
  const answer = async (): Promise<void> => {
    for (const resolve of waiting) resolve()
    waiting = []
    await settle()
  }
  return { clock, hanging, members, answer, answering, asked: () => waiting.length }
}

test('who has not answered for half a minute is told of, once, and nobody else', async () => {
  const { clock, hanging, answering } = world()
  await clock.advance(34_999)
  assert.deepEqual(hanging, [])
  await clock.advance(1)
  assert.deepEqual(hanging, ['slow'])
  await clock.advance(120_000)
  assert.deepEqual(hanging, ['slow'])
  answering.end()
  assert.equal(clock.pending, 0)
})

test('who answers late is asked again, and its time begins anew', async () => {
  const { clock, hanging, answer, asked } = world()
  await clock.advance(30_000)
  await answer()
  await clock.advance(30_000)
  assert.deepEqual(hanging, [])
  assert.equal(asked(), 1)
  await clock.advance(5000)
  assert.deepEqual(hanging, ['slow'])
})

test('who is no member any more is not told of', async () => {
  const { clock, hanging, members } = world()
  await clock.advance(30_000)
  members.pop()
  await clock.advance(60_000)
  assert.deepEqual(hanging, [])
})
