import { FakeClock, settle } from './fake-clock.ts'

/** How long work took by a clock that was turned by hand for it, and what it gave. */
export interface Took<Result> {
  readonly seconds: number
  readonly result: Result
}

/** Nothing that is examined may take longer. */
const mostMs = 600_000

/**
 * Does work that waits for others, and turns its clock whenever nothing happens any more. `turns`: how long that is to be
 * looked at: who computes in threads, as SSH does, is away for some turns of the event loop.
 */
export async function fakeSeconds<Result>(
  work: (clock: FakeClock) => Promise<Result>,
  turns = 1,
): Promise<Took<Result>> {
  const clock = new FakeClock()
  const started = clock.ticks()
  const over = { is: false }
  const working = work(clock).finally(() => {
    over.is = true
  })
  while (!over.is && clock.ticks() - started < mostMs) {
    for (let turn = 0; turn < turns && !over.is; turn += 1) await settle()
    if (!over.is) await clock.advance(250)
  }
  return { seconds: (clock.ticks() - started) / 1000, result: await working }
}
