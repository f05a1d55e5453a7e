import { asError } from '../core/error.ts'
import type { Events, ServerEvent } from '../core/event.ts'

/**
 * Tells who embeds the server of what happens, and keeps what goes wrong there away from the sessions: an upload whose listener
 * throws is stored all the same, and its client must hear so. The process is warned instead, for nobody else could be told.
 */
export function toldEvents(inner: Events): Events {
  return {
    emit(event) {
      try {
        const told: unknown = inner.emit(event)
        // An async function is taken for one that returns nothing, and what it rejects with would end the process.
        if (told instanceof Promise) told.catch((thrown: unknown) => warn(event, thrown))
      } catch (thrown) {
        warn(event, thrown)
      }
    },
  }
}

function warn({ kind }: ServerEvent, thrown: unknown): void {
  const { message, stack } = asError(thrown)
  process.emitWarning(`events.emit failed at '${kind}': ${message}`, {
    type: 'FerryWarning',
    ...(stack === undefined ? {} : { detail: stack }),
  })
}
