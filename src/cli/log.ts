import { systemClock } from '../core/clock.ts'
import type { Events, ServerEvent } from '../core/event.ts'
import { eventLine } from './event-line.ts'
import type { ServeWords } from './serve-options.ts'

/** Where events go: JSON lines on stdout for programs, lines on stderr for people. */
export function log(wish: Pick<ServeWords, 'json' | 'loudness'>): Events {
  return wish.json ? { emit: logJson } : { emit: (event) => logForPeople(event, wish.loudness) }
}

function logJson(event: ServerEvent): void {
  if (event.kind === 'listening') return // the ready line tells it
  const { kind, ...rest } = event
  process.stdout.write(`${JSON.stringify({ time: now().toISOString(), event: kind, ...rest })}\n`)
}

function logForPeople(event: ServerEvent, loudness: ServeWords['loudness']): void {
  const line = eventLine(event, loudness)
  if (line === undefined) return
  process.stderr.write(`${now().toISOString().slice(0, 19).replace('T', ' ')} ${line}\n`)
}

function now(): Date {
  return new Date(systemClock.now())
}
