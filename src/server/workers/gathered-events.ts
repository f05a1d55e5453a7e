import type { Clock, Timer } from '../../core/clock.ts'
import type { Events, ServerEvent } from '../../core/event.ts'

/** Events on their way to another thread. */
export interface GatheredEvents extends Events {
  /** Tells what waits. */
  flush(): void
}

/** How long events wait for others where many come, as lines of the log do. */
const gatherMs = 10

/**
 * Tells events in their order, several at a time where many come: a message wakes the other thread, which takes half as much as
 * removing a file. Only what goes into logs and numbers waits; nobody is let in, turned away or banned by it.
 */
export function gatheredEvents(tell: (events: readonly ServerEvent[]) => void, clock: Clock): GatheredEvents {
  let waiting: ServerEvent[] = []
  let told = -Infinity
  let timer: Timer | undefined
  const flush = (): void => {
    timer?.cancel()
    timer = undefined
    if (waiting.length === 0) return
    told = clock.ticks()
    const all = waiting
    waiting = []
    tell(all)
  }
  return {
    emit(event) {
      waiting.push(event)
      if (!mayWait(event) || clock.ticks() - told > gatherMs) flush()
      else timer ??= clock.after(gatherMs, flush)
    },
    flush,
  }
}

function mayWait({ kind }: ServerEvent): boolean {
  return kind === 'upload' || kind === 'download' || kind === 'file'
}
