import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LoginError, NetworkError, TrustError, type Facts } from '../../core/error.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { whileTurning } from '../../testing/while-turning.ts'
import { connectPatiently } from './connect-patiently.ts'

const full: Facts = { code: 421, reply: '421 Too many', retryable: true }

async function settled(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work
  } catch (thrown) {
    return thrown
  }
}

/** Fails with this so often, and tells how often it was tried, what was noted, and when it was over. */
async function trying(error: Error, failures: number, wanted: boolean) {
  const clock = new FakeClock()
  const begun = clock.ticks()
  const notes: string[] = []
  let tried = 0
  const signal = new AbortController().signal
  const how = { clock, retries: 3, wanted, signal, note: (text: string) => void notes.push(text) }
  const connect = async (): Promise<string> => {
    tried += 1
    if (tried <= failures) throw error
    return 'there'
  }
  const came = await settled(whileTurning(clock, connectPatiently(how, connect)))
  return { came, tried, notes, tookMs: clock.ticks() - begun }
}

void test('a server that says that it is full is tried again by itself, later each time', async () => {
  const error = new NetworkError('refused', 'the server does not take us in now', { facts: full })
  const { came, tried, notes, tookMs } = await trying(error, 2, false)
  assert.deepEqual([came, tried], ['there', 3])
  assert.equal(notes[0], 'the server does not take us in now (421 Too many); trying again in 0.5 s')
  assert.ok(tookMs >= 1500)
  const login = new LoginError('the server has too many sessions', { facts: full })
  assert.equal((await trying(login, 9, false)).tried, 4)
})

void test('one that nobody answers at is tried again where somebody wants that, and else told at once', async () => {
  const error = new NetworkError('refused', 'nobody listens there')
  assert.deepEqual([(await trying(error, 9, false)).tried, (await trying(error, 2, true)).came], [1, 'there'])
})

void test('what does not pass is told at once', async () => {
  for (const error of [
    new LoginError('the server does not let us in', { facts: { code: 530, retryable: false } }),
    new NetworkError('not-found', 'there is no such host'),
    new NetworkError('aborted', 'stopped'),
    new TrustError('another key'),
  ])
    assert.equal((await trying(error, 9, true)).tried, 1)
})
