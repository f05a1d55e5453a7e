import type { Writable } from 'node:stream'
import { systemClock } from '../../core/clock.ts'
import { asError } from '../../core/error.ts'
import type { Events, ServerEvent } from '../../core/event.ts'
import { eventLine } from './event-line.ts'
import type { ServeWords } from './serve-options.ts'

/** How much is said, as it is now: it may change while the server runs. */
type HowLoud = () => ServeWords['loudness']

/** Where events go: JSON lines on stdout for programs, lines on stderr for people. */
export function log(json: boolean, howLoud: HowLoud): Events {
  const events = json ? jsonLog(process.stdout, howLoud) : peopleLog(process.stderr, howLoud)
  // A mistake of ours in one session is told, and the other sessions go on.
  for (const kind of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(kind, (thrown: unknown) => {
      const error = asError(thrown)
      events.emit({ kind: 'bug', text: error.stack ?? error.message })
    })
  }
  return events
}

function jsonLog(stream: Writable, howLoud: HowLoud): Events {
  const write = lineWriter(stream, howLoud, lostAsJson)
  return {
    emit(event) {
      if (event.kind === 'listening') return // the ready line tells it
      if (event.kind === 'said' && howLoud() !== 'verbose') return // spoken for the recorder
      write(jsonLine(event))
    },
  }
}

const kindFirst = '{"kind":'

/** The kind is called `event` there, behind the time. Written so for what is told of each file, as a copy takes as long as all the rest. */
function jsonLine(event: ServerEvent): string {
  const text = JSON.stringify(event)
  if (text.startsWith(kindFirst)) return `{"time":"${now()}","event":${text.slice(kindFirst.length)}`
  const { kind, ...rest } = event
  return JSON.stringify({ time: now(), event: kind, ...rest })
}

function peopleLog(stream: Writable, howLoud: HowLoud): Events {
  const write = lineWriter(stream, howLoud, lostInWords)
  return {
    emit(event: ServerEvent) {
      const line = eventLine(event, howLoud())
      if (line !== undefined) write(stamped(line))
    },
  }
}

function lostAsJson(lost: number): string {
  return JSON.stringify({ time: now(), event: 'lost', lines: lost })
}

function lostInWords(lost: number): string {
  return stamped(`${lost} lines were lost, nobody read them in time`)
}

function stamped(text: string): string {
  return `${now().slice(0, 19).replace('T', ' ')} ${text}`
}

/** What may wait for a reader that is slow or asleep; the server must not grow with it. */
const mostWaiting = 1024 * 1024

/** How long lines wait for others where many come: a write for each takes as long as removing a file. */
const gatherMs = 10

/**
 * Writes at the end of a turn all that was said in it, and where more comes soon all of ten milliseconds: many sessions share
 * the write, and no reply waits for the log. Who asked for every word reads along: there each line is written before the client
 * hears of it.
 */
function lineWriter(
  stream: Writable,
  howLoud: HowLoud,
  tellLost: (lost: number) => string,
): (line: string) => void {
  let lost = 0
  let waiting = ''
  let written = -Infinity
  const flush = (): void => {
    written = systemClock.ticks()
    if (waiting !== '') stream.write(waiting)
    waiting = ''
  }
  process.on('exit', flush)
  return (line) => {
    const loudness = howLoud()
    if (stream.writableLength + waiting.length > mostWaiting) {
      lost += 1
      return
    }
    if (waiting === '' && loudness !== 'verbose') {
      if (systemClock.ticks() - written > gatherMs) setImmediate(flush)
      else systemClock.after(gatherMs, flush)
    }
    if (lost > 0) waiting += `${tellLost(lost)}\n`
    lost = 0
    waiting += `${line}\n`
    if (loudness === 'verbose') flush()
  }
}

function now(): string {
  return new Date(systemClock.now()).toISOString()
}
