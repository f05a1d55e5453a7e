/** When to say something again, and when to give up: adapted to the round trips that were measured. */
export interface Pace {
  /** The first wait, before anything was measured. */
  readonly firstMs: number
  /** How long the peer may be silent, where somebody has said it. */
  readonly silenceMs: number | undefined
  readonly smoothedMs: number | undefined
  readonly variationMs: number
  /** How often the same was said in vain. */
  readonly tries: number
  /** When the peer last brought the transfer on. */
  readonly movedAt: number
  /** When the next try is due. Infinity: it is not the peer that we wait for. */
  readonly deadline: number
}

/** The wait before the first measure, if the peer did not ask for one. */
const usualFirstMs = 1000

const shortestMs = 100

/** No wait is longer, unless the peer asked for it. */
const longestMs = 8000

const fewestTries = 6

/** A device that erases its flash is silent for so long: who is silent for less is not given up. */
const leastSilenceMs = 30_000

/** And who is silent for so long is, whatever timeout was agreed. */
const mostSilenceMs = 300_000

export function newPace(now: number, firstMs: number = usualFirstMs, silenceMs?: number): Pace {
  const deadline = now + firstMs
  return { firstMs, silenceMs, smoothedMs: undefined, variationMs: 0, tries: 0, movedAt: now, deadline }
}

/** The peer has brought the transfer on; `roundTripMs` where it was the answer to something said once (Karn). */
export function moved(pace: Pace, now: number, roundTripMs?: number): Pace {
  const { firstMs, silenceMs } = pace
  let { smoothedMs, variationMs } = pace
  // RFC 6298 §2.
  if (roundTripMs !== undefined && smoothedMs === undefined) {
    smoothedMs = roundTripMs
    variationMs = roundTripMs / 2
  } else if (roundTripMs !== undefined && smoothedMs !== undefined) {
    variationMs = variationMs * 0.75 + Math.abs(smoothedMs - roundTripMs) * 0.25
    smoothedMs = smoothedMs * 0.875 + roundTripMs * 0.125
  }
  const deadline = now + waitMs(firstMs, smoothedMs, variationMs)
  return { firstMs, silenceMs, smoothedMs, variationMs, tries: 0, movedAt: now, deadline }
}

/** Waits for nothing but ourselves. */
export function paused(pace: Pace): Pace {
  return { ...pace, deadline: Infinity }
}

/** The next try, with twice the wait; undefined: give up. */
export function again(pace: Pace, now: number): Pace | undefined {
  const silence = now - pace.movedAt
  const tries = pace.tries + 1
  if (isTooLong(pace, silence, tries)) return undefined
  const wait = Math.min(
    waitMs(pace.firstMs, pace.smoothedMs, pace.variationMs) * 2 ** tries,
    Math.max(longestMs, pace.firstMs),
  )
  const left = (pace.silenceMs ?? Infinity) - silence
  return { ...pace, tries, deadline: now + Math.min(wait, left) }
}

function isTooLong({ silenceMs }: Pace, silence: number, tries: number): boolean {
  if (silenceMs !== undefined) return silence >= silenceMs
  return silence >= mostSilenceMs || (tries >= fewestTries && silence >= leastSilenceMs)
}

function waitMs(firstMs: number, smoothedMs: number | undefined, variationMs: number): number {
  if (smoothedMs === undefined) return firstMs
  return Math.min(Math.max(smoothedMs + 4 * variationMs, shortestMs), Math.max(longestMs, firstMs))
}
