import type { Conn } from '../../core/network.ts'
import { outcomeOf, type Dialogue } from '../dialogue.ts'
import type { Outcome, Sample } from '../step.ts'
import { within } from '../within.ts'
import { textOf } from './enter.ts'
import type { Examination } from './examination.ts'
import { passiveConn } from './extras.ts'

/** So much of a file is fetched: enough to fill every buffer on the way. */
const enough = 256 * 1024

/** Fetches the beginning of a file, asks NOOP meanwhile, and breaks off what is left by ABOR. */
export async function trySample(examination: Examination, dialogue: Dialogue, name: string): Promise<Sample> {
  const { clock, patienceMs } = examination
  const started = clock.ticks()
  const ms = (): number => Math.round(clock.ticks() - started)
  await dialogue.say('TYPE I', patienceMs)
  const bare = await passiveConn(examination, dialogue)
  if (bare === undefined) return { outcome: 'not-tried', ms: ms(), bytes: 0 }
  const first = await dialogue.say(`RETR ${name}`, patienceMs)
  if (first.outcome !== 'works') {
    bare.destroy()
    return { outcome: first.outcome, ms: ms(), bytes: 0, ...textOf(first) }
  }
  const read = await readSome(examination, bare)
  const noop = read.left ? await dialogue.say('NOOP', Math.min(patienceMs, 2000)) : undefined
  const common = { bytes: read.bytes, ...(noop === undefined ? {} : { noop: stepOf(noop) }) }
  if (!read.left) {
    read.conn.destroy()
    const last =
      first.reply !== undefined && first.reply.code >= 200 ? first : await dialogue.hear(patienceMs)
    const outcome = read.outcome === 'works' ? last.outcome : read.outcome
    return { ...common, outcome, ms: ms(), ...textOf(last) }
  }
  if (dialogue.lost) {
    read.conn.destroy()
    return { ...common, outcome: read.outcome, ms: ms() }
  }
  const abort = await dialogue.say('ABOR', patienceMs)
  read.conn.destroy()
  return { ...common, outcome: read.outcome, ms: ms(), abort: stepOf(abort) }
}

function stepOf(heard: Awaited<ReturnType<Dialogue['say']>>): {
  outcome: Outcome
  ms: number
  reply?: string
} {
  return { outcome: heard.outcome, ms: heard.ms, ...textOf(heard) }
}

interface Read {
  readonly outcome: Outcome
  readonly bytes: number
  /** Whether the file goes on. */
  readonly left: boolean
  readonly conn: Conn
}

async function readSome({ clock, patienceMs, protect }: Examination, bare: Conn): Promise<Read> {
  let bytes = 0
  let conn = bare
  try {
    if (protect !== undefined) ({ conn } = await protect(bare))
    while (bytes < enough) {
      const pieces = await within(
        clock,
        patienceMs,
        conn.read().then((read) => read ?? 'end'),
      )
      if (pieces === undefined) return { outcome: 'silence', bytes, left: false, conn }
      if (pieces === 'end') return { outcome: 'works', bytes, left: false, conn }
      for (const piece of pieces) bytes += piece.length
    }
    return { outcome: 'works', bytes, left: true, conn }
  } catch (thrown) {
    return { outcome: outcomeOf(thrown), bytes, left: false, conn }
  }
}
