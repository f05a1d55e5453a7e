import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { declare, Skipped } from './runner.ts'

test('a body takes no parameter, or Jest would wait for its done', () => {
  assert.equal(bodyOf(async () => undefined).length, 0)
})

test('a case that is left out tells the runner of Vitest and node:test, and that of Mocha', async () => {
  const body = bodyOf(() => Promise.reject(new Skipped('no links')))
  const skip = mock.fn()
  await body.call(undefined, { skip })
  assert.deepEqual(skip.mock.calls[0]?.arguments, ['no links'])
  await body.call({ skip })
  assert.equal(skip.mock.callCount(), 2)
})

test('a case that is left out has ended where the runner knows nothing of that', async () => {
  await bodyOf(() => Promise.reject(new Skipped('no links'))).call(undefined)
})

test('what there is to know is told with a failure, in its message and in its stack', async () => {
  const failure = new Error('one !== two')
  const body = bodyOf(
    () => Promise.reject(failure),
    () => 'stat gave two',
  )
  await assert.rejects(body.call(undefined), failure)
  assert.equal(failure.message, 'one !== two\n\nstat gave two')
  assert.match(failure.stack ?? '', /^Error: one !== two\n\nstat gave two\n +at /u)
})

test('a case that waits for ever is stopped', async () => {
  const body = bodyOf(() => Promise.withResolvers<void>().promise, undefined, 1)
  await assert.rejects(body.call(undefined), /did not end within 1 ms/u)
})

type Body = (this: unknown, ...given: unknown[]) => Promise<void>

function bodyOf(run: () => Promise<void>, tell?: () => string, patienceMs = 60_000): Body {
  let declared: Body | undefined
  const runner = { describe: () => undefined, test: (_: string, body: Body) => void (declared = body) }
  declare({ runner, patienceMs }, 'it', run, tell)
  return declared ?? assert.fail('nothing was declared')
}
