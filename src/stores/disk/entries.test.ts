import assert from 'node:assert/strict'
import { linkSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { systemClock, type Clock } from '../../core/clock.ts'
import { Entries } from './entries.ts'
import { owners } from './owners.ts'

/** A clock that goes on by so much whenever someone looks at it. */
function clockWithSteps(ms: number): Clock {
  let ticks = 0
  return { ...systemClock, ticks: () => (ticks += ms) }
}

function directoryOf(context: TestContext, count: number): string {
  const directory = mkdtempSync(join(tmpdir(), 'ferry-entries-'))
  context.after(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'file 0'), 'content')
  symlinkSync('file 0', join(directory, 'link'))
  for (let index = 1; index < count; index += 1)
    linkSync(join(directory, 'file 0'), join(directory, `file ${index}`))
  return directory
}

/** How many turns the event loop took while something went on. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  let immediate = setImmediate(function count() {
    turns += 1
    immediate = setImmediate(count)
  })
  await work()
  clearImmediate(immediate)
  return turns
}

test('a slow disk and a quick one are told of alike', async (context) => {
  const directory = directoryOf(context, 100)
  const names = readdirSync(directory)
  const quick = (await new Entries(await owners(), clockWithSteps(0)).look(directory, names)).entries()
  const slow = (await new Entries(await owners(), clockWithSteps(11)).look(directory, names)).entries()
  assert.equal(quick.length, 101)
  assert.deepEqual(slow, quick)
  assert.equal(quick.find(({ kind }) => kind === 'link')?.target, 'file 0')
})

test('a slow disk is waited for by the thread pool, a quick one rests now and then', async (context) => {
  const directory = directoryOf(context, 300)
  const names = readdirSync(directory)
  const known = await owners()
  const look = (step: number) =>
    turnsDuring(() => new Entries(known, clockWithSteps(step)).look(directory, names))
  assert.equal(await look(0), 0)
  assert.ok((await look(1)) >= 40)
  assert.ok((await look(11)) >= 9)
})

test('one slow look among many may be the processor’s fault: behind it, it is quick again', async (context) => {
  const directory = directoryOf(context, 2000)
  const names = readdirSync(directory)
  let [looks, ticks] = [0, 0]
  const clock = { ...systemClock, ticks: () => ((looks += 1), (ticks += looks === 500 ? 11 : 0)) }
  const entries = new Entries(await owners(), clock)
  assert.equal((await entries.look(directory, names)).entries().length, 2001)
  // Only a look that is waited for is timed; the thread pool had 64 of them.
  assert.ok(looks > 1900, `${looks}`)
})

test('a name that is gone is left out', async (context) => {
  const directory = directoryOf(context, 1)
  for (const step of [0, 11]) {
    const entries = new Entries(await owners(), clockWithSteps(step))
    const found = await entries.look(directory, ['missing', 'file 0', 'missing too'])
    assert.deepEqual(
      found.entries().map(({ name }) => name),
      ['file 0'],
    )
  }
})

test('a name that cannot be looked at is told of as no more than that', async (context) => {
  const directory = directoryOf(context, 1)
  const tooLong = 'x'.repeat(300)
  for (const step of [0, 11]) {
    const entries = new Entries(await owners(), clockWithSteps(step))
    const [file, unknown] = (await entries.look(directory, ['file 0', tooLong])).entries()
    assert.equal(file?.kind, 'file')
    assert.deepEqual(unknown, { name: tooLong, kind: 'other', size: 0, modified: new Date(0) })
  }
})
