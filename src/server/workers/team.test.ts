import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { Gate } from '../../policy/gate.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { recordedEvents } from '../../testing/recorded-events.ts'
import type { TestWorkerGiven } from '../../testing/test-worker.ts'
import { ListenError } from '../listen-error.ts'
import { Team, type Placed, type TeamOptions } from './team.ts'

async function world(context: TestContext, options: Partial<TeamOptions> = {}) {
  const clock = new FakeClock()
  const events = recordedEvents()
  const gate = new Gate(clock, { connectionsPerMinute: 3 })
  const team = await Team.begin({
    size: 2,
    clock,
    events,
    gate,
    limits: { connections: 5 },
    recordings: 7,
    module: new URL('../../testing/test-worker.ts', import.meta.url),
    plan:
      async () =>
      (placed: Placed): TestWorkerGiven => ({ placed }),
    sweep: () => [],
    ...options,
  })
  context.after(() => team.close())
  /** Has the worker of a place do something: whether it went. */
  const does = (place: number, deed: string, what: string): Promise<boolean> =>
    team.kick(`${place} ${deed}`, what)
  return { clock, events, team, does }
}

/** Turns the clock, while threads go their own way, until something is so. */
async function until(clock: FakeClock, ms: number, isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = performance.now() + 20_000; performance.now() < end;) {
    if (await isSo()) return
    await clock.advance(ms)
  }
  throw new Error('it never came')
}

test('limits, claims and rates hold for all workers together', async (context) => {
  const { clock, does } = await world(context)
  assert.equal(await does(0, 'take', 'connections'), true)
  assert.equal(await does(1, 'take', 'connections'), true)
  assert.equal(await does(0, 'take', 'connections'), true)
  assert.equal(await does(1, 'take', 'connections'), false)
  assert.equal(await does(0, 'claim', '/part'), true)
  assert.equal(await does(1, 'claim', '/part'), false)
  for (const [at, isIn] of [true, true, true, false].entries())
    assert.equal(await does(at % 2, 'knock', '192.0.2.1'), isIn)
  // 1000 bytes a second, of which a tenth may be saved up: the second one waits for the first.
  const passed: number[] = []
  for (const place of [0, 1]) void does(place, 'pass', '1000').then(() => passed.push(clock.ticks()))
  const began = clock.ticks()
  await until(clock, 10, () => passed.length === 2)
  assert.ok((passed[1] ?? 0) - began >= 1800, `${(passed[1] ?? 0) - began}`)
})

test('a worker that ends is told of, its places are free, and another follows', async (context) => {
  const { clock, events, team, does } = await world(context)
  for (const key of ['a', 'a', 'a']) await does(1, 'take', key)
  await does(1, 'claim', '/part')
  await does(1, 'connect', 's1')
  assert.equal(await does(0, 'take', 'a'), false)
  await does(1, 'crash', 'a mistake')
  await until(clock, 0, () => events.of('warning').length === 1)
  assert.match(
    events.of('warning')[0]?.text ?? '',
    /^worker \d has ended, .*: a mistake\. Another starts in 1 s$/u,
  )
  const [closed] = events.of('closed')
  assert.equal(closed?.session, 's1')
  assert.equal(closed?.account, 'anna')
  assert.equal(await does(0, 'take', 'a'), true)
  assert.equal(await does(0, 'claim', '/part'), true)
  assert.equal((await team.workers()).length, 1)
  await until(clock, 100, async () => (await team.workers()).length === 2)
  const numbers = (await team.workers()).map(({ number }) => number)
  assert.ok(numbers.includes(3), numbers.join(', '))
  assert.equal(await does(1, 'claim', '/other'), true)
})

test('a worker that answers no more is ended, and another follows', async (context) => {
  const { clock, events, team, does } = await world(context)
  await does(1, 'connect', 's1')
  // It says nothing any more, not even this.
  const hung = does(1, 'hang', '')
  // The other one answers in its own time, and must not be taken for one that hangs.
  for (let asked = 1; events.of('warning').length === 0 && asked < 10; asked += 1) {
    await clock.advance(5000)
    await until(clock, 0, () => events.of('bug').length === asked || events.of('warning').length > 0)
  }
  await until(clock, 0, () => events.of('warning').length > 0)
  assert.equal(events.of('warning').length, 1)
  assert.match(
    events.of('warning')[0]?.text ?? '',
    /^worker \d has ended, .*: it has not answered for 30 s\. Another starts in 1 s$/u,
  )
  assert.equal(await hung, false)
  assert.equal(events.of('closed')[0]?.session, 's1')
  await until(clock, 100, async () => (await team.workers()).length === 2)
  assert.equal(await does(1, 'claim', '/other'), true)
})

test('who follows has the limits that hold now', async (context) => {
  const { clock, team, does } = await world(context)
  team.limit({ connections: 9 })
  team.record(8)
  for (const place of [0, 1]) {
    assert.equal(await does(place, 'limited', '9'), true)
    assert.equal(await does(place, 'records', '8'), true)
  }
  await does(0, 'crash', 'a mistake')
  await until(clock, 0, async () => (await team.workers()).length === 1)
  await until(clock, 100, async () => (await team.workers()).length === 2)
  assert.equal(await does(0, 'limited', '9'), true)
  assert.equal(await does(0, 'records', '8'), true)
})

const secondIsBroken = (placed: TestWorkerGiven['placed']): TestWorkerGiven => ({
  placed,
  broken: placed.place === 1,
})

test('where a worker cannot listen, the others end and it is said which port', async (context) => {
  await assert.rejects(world(context, { plan: async () => secondIsBroken }), (thrown) => {
    assert.ok(thrown instanceof ListenError)
    assert.deepEqual([thrown.protocol, thrown.port, thrown.fault], ['ftp', 21, 'in-use'])
    return true
  })
})

test('all take what they are given anew, or none does', async (context) => {
  let doors = '21'
  const { team, does } = await world(context, {
    async plan() {
      const at = doors
      return (placed): TestWorkerGiven => ({
        placed,
        doors: at,
        refuses: at === 'wrong' && placed.place === 1,
      })
    },
  })
  doors = '2121'
  await team.change()
  for (const place of [0, 1]) assert.equal(await does(place, 'opened', '2121'), true)
  doors = 'wrong'
  await assert.rejects(team.change(), /it is taken/u)
  for (const place of [0, 1]) assert.equal(await does(place, 'opened', '2121'), true)
})

test('who starts while all take something new has it too', async (context) => {
  let doors = '21'
  const { clock, team, does } = await world(context, {
    async plan() {
      const at = doors
      return (placed): TestWorkerGiven => ({ placed, doors: at })
    },
  })
  await does(0, 'crash', 'a mistake')
  await until(clock, 0, async () => (await team.workers()).length === 1)
  await clock.advance(1000)
  doors = '2121'
  team.limit({ connections: 9 })
  await team.change()
  await until(clock, 100, async () => (await team.workers()).length === 2)
  assert.equal(await does(0, 'opened', '2121'), true)
  assert.equal(await does(0, 'limited', '9'), true)
})

test('all end when the server does, and nobody follows', async (context) => {
  const { clock, events, team } = await world(context)
  assert.deepEqual(team.listeners, [{ protocol: 'ftp', address: '127.0.0.1', port: 2121 }])
  await team.drain(1000)
  await clock.advance(100_000)
  assert.deepEqual(await team.workers(), [])
  assert.deepEqual(events.of('warning'), [])
})
