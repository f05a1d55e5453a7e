import type { Clock, Timer } from '../core/clock.ts'

/** What a promise gives, or undefined when it takes longer. The promise goes on: whoever needs its end must keep it. */
export async function within<Result>(
  clock: Clock,
  ms: number,
  work: Promise<Result>,
): Promise<Result | undefined> {
  let timer: Timer | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = clock.after(Math.max(0, ms), () => resolve(undefined))
  })
  try {
    return await Promise.race([work, late])
  } finally {
    timer?.cancel()
  }
}
