import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../testing/fake-clock.ts'
import { Crew, type Member } from './crew.ts'

interface Fake extends Member {
  readonly name: string
  die(reason: Error): void
}

function world(size: number) {
  const clock = new FakeClock()
  const told: string[] = []
  let born = 0
  let broken: Error | undefined
  const start = async (place: number): Promise<Fake> => {
    if (broken !== undefined) throw broken
    born += 1
    const name = `${place}.${born}`
    const ended = Promise.withResolvers<Error>()
    return {
      name,
      ended: ended.promise,
      die: ended.resolve,
      async end() {
        told.push(`${name} ended`)
        ended.resolve(new Error('as was wanted'))
      },
    }
  }
  const begin = () =>
    Crew.begin({
      size,
      clock,
      start,
      lost: ({ name }, { message }, ms) => told.push(`${name} lost: ${message}, ${ms}`),
      failed: (place, { message }, ms) => told.push(`${place} failed: ${message}, ${ms}`),
    })
  return { clock, told, begin, breakStarts: (error: Error | undefined) => void (broken = error) }
}

test('who ends by itself is followed by another in its place, and the others stay', async () => {
  const { clock, told, begin } = world(2)
  const crew = await begin()
  crew.members[0]?.die(new Error('out of memory'))
  await clock.advance(999)
  assert.deepEqual(
    crew.members.map(({ name }) => name),
    ['1.2'],
  )
  await clock.advance(1)
  assert.deepEqual(
    crew.members.map(({ name }) => name),
    ['0.3', '1.2'],
  )
  assert.deepEqual(told, ['0.1 lost: out of memory, 1000'])
})

test('the pause doubles to a minute, and is short again for who has worked for long', async () => {
  const { clock, told, begin, breakStarts } = world(1)
  const crew = await begin()
  breakStarts(new Error('no port'))
  crew.members[0]?.die(new Error('dead'))
  await clock.advance(1000 + 2000 + 4000 + 8000 + 16_000 + 32_000 + 60_000)
  assert.deepEqual(
    told.map((line) => Number(line.split(', ')[1])),
    [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000],
  )
  breakStarts(undefined)
  await clock.advance(60_000)
  await clock.advance(60_000)
  crew.members[0]?.die(new Error('dead again'))
  await clock.advance(0)
  assert.equal(told.at(-1), '0.2 lost: dead again, 1000')
})

test('where one cannot be started, none is left', async () => {
  const { clock, told, breakStarts, begin } = world(2)
  breakStarts(new Error('no port'))
  await assert.rejects(begin(), /no port/u)
  await clock.advance(100_000)
  assert.deepEqual(told, [])
})

test('once they are disbanded nobody follows, and all end', async () => {
  const { clock, told, begin } = world(2)
  const crew = await begin()
  crew.disband()
  crew.members[0]?.die(new Error('dead'))
  await clock.advance(100_000)
  assert.equal(crew.members.length, 1)
  await crew.end()
  assert.deepEqual(told, ['1.2 ended'])
  assert.equal(clock.pending, 0)
})
