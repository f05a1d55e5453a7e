import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { systemClock, type Clock } from '../../core/clock.ts'
import { Entries } from './entries.ts'
import { LookThread } from './look-thread.ts'
import { owners } from './owners.ts'

const nowhere = new URL('nowhere.js', import.meta.url)

function directoryOf(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'ferry-look-'))
  context.after(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'file'), 'content', { mode: 0o640 })
  mkdirSync(join(directory, 'folder'))
  symlinkSync('where it leads', join(directory, 'link'))
  writeFileSync(join(directory, 'Grüße'), '')
  if (process.platform === 'linux') writeFileSync(Buffer.from(join(directory, 'caf\xe9'), 'latin1'), '')
  return directory
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

/** Timers that run when they are told to. */
function clockByHand() {
  const timers = new Set<() => void>()
  const clock: Clock = {
    ...systemClock,
    after(_, run) {
      timers.add(run)
      return { cancel: () => void timers.delete(run) }
    },
  }
  return { clock, timers }
}

test('a thread tells the same of names as the event loop does', async (context) => {
  const directory = directoryOf(context)
  const names = [...readdirSync(directory, 'latin1'), 'missing', 'x'.repeat(300)]
  const thread = new LookThread(systemClock)
  while (!thread.ready) await turn()
  const looked = await thread.look(directory, names, await owners())
  const here = await new Entries(await owners(), systemClock).look(directory, names)
  assert.deepEqual(looked?.seen.entries(), here.entries())
  assert.equal(looked?.seen.entries().length, names.length - 1)
})

test('many may ask at once, and each gets its own answer', async (context) => {
  const directory = directoryOf(context)
  const thread = new LookThread(systemClock)
  while (!thread.ready) await turn()
  const known = await owners()
  const names = ['file', 'folder', 'link', 'file']
  const answers = await Promise.all(names.map((name) => thread.look(directory, [name], known)))
  assert.deepEqual(
    answers.map((answer) => answer?.seen.entries().map(({ name }) => name)),
    names.map((name) => [name]),
  )
})

test('a thread that does not start is not asked, and not started again', async () => {
  const thread = new LookThread(systemClock, () => nowhere)
  assert.equal(thread.ready, false)
  assert.equal(await thread.look('/', ['etc'], await owners()), undefined)
  for (let turns = 0; turns < 3; turns += 1) await turn()
  assert.equal(thread.ready, false)
})

test('a program that was bundled as CommonJS does without the thread', () => {
  const bundled: { url?: string } = {}
  const thread = new LookThread(systemClock, () => new URL('look-thread.js', bundled.url))
  assert.equal(thread.ready, false)
  assert.equal(thread.ready, false)
})

test('a thread that nobody needs ends, and another one starts when somebody does', async (context) => {
  const directory = directoryOf(context)
  const { clock, timers } = clockByHand()
  const thread = new LookThread(clock)
  while (!thread.ready) await turn()
  const known = await owners()
  const looking = thread.look(directory, ['file'], known)
  assert.equal(timers.size, 0, 'while it is asked, no time runs')
  assert.equal((await looking)?.seen.entries().length, 1)
  for (const end of timers) end()
  while (thread.ready) await turn()
  while (!thread.ready) await turn()
  assert.equal((await thread.look(directory, ['file'], known))?.seen.entries().length, 1)
})

test('who asks while it ends is told nothing, and may ask elsewhere', async (context) => {
  const directory = directoryOf(context)
  const { clock, timers } = clockByHand()
  const thread = new LookThread(clock)
  while (!thread.ready) await turn()
  for (const end of timers) end()
  assert.equal(await thread.look(directory, ['file'], await owners()), undefined)
})
