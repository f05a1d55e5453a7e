import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../core/clock.ts'
import { counted } from '../core/counted.ts'
import { FileError } from '../core/error.ts'
import type { ShownCertificate } from '../server/certificates.ts'
import type { WorkerNow } from '../server/running.ts'
import type { SessionNow } from '../server/serve.ts'
import type { Recording } from '../server/recorder.ts'
import { eventLine } from './serving/event-line.ts'
import { age } from './age.ts'
import { cleanText } from './clean-text.ts'
import { formatBytes } from './format-bytes.ts'
import { keepingOptions, keepingWords, mustAsk } from './keeping-words.ts'
import type { OptionRows } from './options.ts'
import { Output } from './output.ts'
import { movedBy, topTable } from './top-table.ts'
import { UsageError } from './usage-error.ts'

interface Status {
  readonly began: number
  readonly pid: number
  readonly listeners: readonly {
    readonly protocol: string
    readonly address: string
    readonly port: number
    readonly through?: string
  }[]
  readonly certificates: readonly ShownCertificate[]
  /** None where one thread does all. */
  readonly workers?: readonly WorkerNow[]
  readonly ferry_sessions: number
  readonly ferry_transfers: number
  readonly ferry_outbox: number
  readonly ferry_memory_bytes: number
}

/** `ferry status` */
export async function statusCommand(words: readonly string[]): Promise<number> {
  const { folder, said } = await keepingWords('status', words, keepingOptions)
  const status = (await mustAsk(folder, { ask: 'status' })) as Status
  if (said.json) return print(JSON.stringify(status))
  const { began, pid, listeners } = status
  print(`running as ${pid} since ${new Date(began).toISOString()}, ${age(systemClock.now() - began)}`)
  for (const { protocol, address, port, through } of listeners) {
    const where = address.includes(':') ? `[${address}]` : address
    print(
      `  ${protocol.padEnd(5)} ${where}:${port}${through === undefined ? '' : ` at ${through}, through SSH`}`,
    )
  }
  print(
    `  ${counted(status.ferry_sessions, 'session')}, ${counted(status.ferry_transfers, 'transfer')}, ${formatBytes(status.ferry_memory_bytes)} of memory`,
  )
  for (const { number, began: since, sessions, transfers } of status.workers ?? [])
    print(
      `  worker ${number}: ${counted(sessions, 'session')}, ${counted(transfers, 'transfer')}, for ${age(systemClock.now() - since)}`,
    )
  for (const certificate of status.certificates) print(`  ${certificateText(certificate, systemClock.now())}`)
  if (status.ferry_outbox > 0) print(`  waiting for webhooks: ${counted(status.ferry_outbox, 'event')}`)
  return 0
}

/** How long a certificate holds, for people. */
export function certificateText({ subject, expires }: ShownCertificate, now: number): string {
  const until = new Date(expires).toISOString().slice(0, 10)
  const name = cleanText(subject)
  return expires < now
    ? `certificate of ${name}: HAS EXPIRED on ${until}`
    : `certificate of ${name}: until ${until}, ${age(expires - now)}`
}

/** `ferry kick ID` */
export async function kickCommand(words: readonly string[]): Promise<number> {
  const { folder, rest, said } = await keepingWords('kick', words, keepingOptions)
  const [id] = rest
  if (id === undefined) throw new UsageError('say which session: ferry kick ID. "ferry top" lists them.')
  const { done } = (await mustAsk(folder, { ask: 'kick', id })) as { done: boolean }
  if (done) return 0
  return notThere(`there is no session ${id}`, said.json)
}

function notThere(text: string, json: boolean): number {
  const out = new Output({ json, quiet: false, verbose: false })
  out.failed(new FileError('not-found', text))
  return out.status
}

/** What `ferry top` takes. */
export const topOptions = {
  once: { type: 'boolean', does: 'look once, as it does on a pipe' },
  ...keepingOptions,
} as const satisfies OptionRows

/** `ferry top`: who is connected and what is transferred; once on a pipe, again and again on a terminal. */
export async function topCommand(words: readonly string[]): Promise<number> {
  const { folder, said } = await keepingWords('top', words, topOptions)
  const isOnce = said.once || said.json || !process.stdout.isTTY
  let before = new Map<string, number>()
  for (let seen = systemClock.ticks(); ;) {
    const sessions = (await mustAsk(folder, { ask: 'sessions' })) as readonly SessionNow[]
    if (said.json) return print(JSON.stringify(sessions))
    const now = systemClock.ticks()
    const look = { now: systemClock.now(), sinceMs: now - seen, before }
    if (isOnce) return print(topTable(sessions, look))
    const { columns, rows } = process.stdout
    process.stdout.write(`\u001b[H\u001b[2J${topTable(sessions, look, { columns, rows })}\n`)
    before = new Map(sessions.map((session) => [session.id, movedBy(session)]))
    seen = now
    await pause(1000)
  }
}

/** `ferry session ID`: what was said and done in it, with times. */
export async function sessionCommand(words: readonly string[]): Promise<number> {
  const { folder, rest, said } = await keepingWords('session', words, keepingOptions)
  const [id] = rest
  if (id === undefined)
    throw new UsageError('say which session: ferry session ID. Each line of the log bears it with --json.')
  const recording = (await mustAsk(folder, { ask: 'session', id })) as Recording | null
  if (recording === null) {
    return notThere(`nothing is kept of a session ${id}`, said.json)
  }
  return print(said.json ? JSON.stringify(recording) : recordingText(recording))
}

/** A recording for people. */
export function recordingText({ session, began, events, lost }: Recording): string {
  const lines = [`session ${session}, begun ${new Date(began).toISOString()}`]
  for (const { ms, event } of events) {
    const text =
      event.kind === 'said'
        ? `${event.from === 'client' ? '>' : '<'} ${event.line}`
        : `* ${eventLine(event, 'verbose') ?? event.kind}`
    const rule = 'rule' in event && event.rule !== undefined ? ` [rule: ${event.rule}]` : ''
    lines.push(`${(ms / 1000).toFixed(3).padStart(9)} ${cleanText(text + rule)}`)
  }
  if (lost > 0) lines.push(`${lost} lines in the middle were not kept`)
  return lines.join('\n')
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}
