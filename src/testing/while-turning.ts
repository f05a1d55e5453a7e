import type { FakeClock } from './fake-clock.ts'

/** Turns the clock by so many milliseconds, again and again, until this is over, and gives what came of it. */
export async function whileTurning<Result>(
  clock: FakeClock,
  work: Promise<Result>,
  step = 100,
): Promise<Result> {
  const turns = { over: false }
  const watched = work.finally(() => (turns.over = true))
  // Whoever asks is told below, once the clock stands still.
  watched.catch(() => undefined)
  while (!turns.over) {
    await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(step)
  }
  return watched
}
