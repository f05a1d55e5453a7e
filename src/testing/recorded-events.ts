import type { Events, ServerEvent } from '../core/event.ts'

/** Events that remember what they were told. */
export interface RecordedEvents extends Events {
  readonly all: readonly ServerEvent[]
  /** Those of one kind. */
  of<Kind extends ServerEvent['kind']>(kind: Kind): Extract<ServerEvent, { kind: Kind }>[]
}

/** Makes a recorder. */
export function recordedEvents(): RecordedEvents {
  const all: ServerEvent[] = []
  return {
    all,
    emit: (event) => void all.push(event),
    of: <Kind extends ServerEvent['kind']>(kind: Kind) =>
      all.filter((event): event is Extract<ServerEvent, { kind: Kind }> => event.kind === kind),
  }
}
