/** The only source of time: real in the server, turned by hand in tests. */
export interface Clock {
  /** Milliseconds since 1970, as the wall clock has it. May jump. */
  now(): number
  /** Milliseconds since some start, for measuring. Never jumps. */
  ticks(): number
  /** Runs once, later. A timer never keeps the process alive. */
  after(ms: number, run: () => void): Timer
}

/** Something that will run later, unless it is cancelled. */
export interface Timer {
  cancel(): void
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  ticks: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    timer.unref()
    return { cancel: () => clearTimeout(timer) }
  },
}
