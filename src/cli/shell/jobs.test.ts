import assert from 'node:assert/strict'
import { test } from 'node:test'
import { settle } from '../../testing/fake-clock.ts'
import { Jobs } from './jobs.ts'

function world() {
  const told: string[] = []
  return {
    told,
    jobs: new Jobs(
      () => 0,
      (line) => void told.push(line),
    ),
  }
}

function untilStopped(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))))
}

void test('a job runs behind the prompt, and its end is told', async () => {
  const { told, jobs } = world()
  const gate = Promise.withResolvers<void>()
  jobs.start('get x', () => gate.promise)
  assert.deepEqual(
    jobs.running.map(({ text }) => text),
    ['get x'],
  )
  gate.resolve()
  await jobs.wait()
  assert.deepEqual(told, ['[1] done: get x'])
  assert.equal(jobs.running.length, 0)
})

void test('one job is ended, and the others go on', async () => {
  const { told, jobs } = world()
  jobs.start('one', untilStopped)
  jobs.start('two', untilStopped)
  await settle()
  assert.equal(jobs.stop(1), true)
  await jobs.wait(1)
  assert.deepEqual(told, ['[1] ended: one'])
  assert.equal(jobs.stop(7), false)
  jobs.stop()
  await jobs.wait()
  assert.deepEqual(jobs.running, [])
})

void test('the queue does one after another, also behind one that failed', async () => {
  const { told, jobs } = world()
  const gate = Promise.withResolvers<void>()
  jobs.enqueue('first', () => gate.promise)
  jobs.enqueue('second', async () => {
    throw new Error('no')
  })
  jobs.enqueue('never', async () => undefined)
  jobs.enqueue('third', async () => undefined)
  assert.deepEqual(jobs.waiting, ['second', 'never', 'third'])
  assert.deepEqual(jobs.dequeue(2), ['never'])
  gate.resolve()
  await jobs.wait()
  assert.deepEqual(told, ['[1] done: first', '[2] failed: second', '[3] done: third'])
})

void test('a job tells how many bytes have moved so far, also one of the queue', async () => {
  const { jobs } = world()
  const gate = Promise.withResolvers<void>()
  const work = async (_signal: AbortSignal, moved: (bytes: number) => void): Promise<void> => {
    moved(5)
    moved(7)
    await gate.promise
  }
  jobs.start('get x', work)
  jobs.enqueue('get y', work)
  await settle()
  assert.deepEqual(
    jobs.running.map((job) => job.moved()),
    [12, 12],
  )
  gate.resolve()
  await jobs.wait()
})
