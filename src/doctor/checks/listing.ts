import type { Conn } from '../../core/network.ts'
import { decodeText, holdsRawBytes } from '../../core/text.ts'
import { parseListing } from '../../ftp/wire/listings/parse-listing.ts'
import { outcomeOf, type Dialogue } from '../dialogue.ts'
import type { Listing } from '../step.ts'
import { within } from '../within.ts'
import { textOf } from './enter.ts'
import type { Examination } from './examination.ts'

/** Whether a listing comes whole over a connection that the client made: its bytes, its end, and the reply that says so. */
export async function list(examination: Examination, dialogue: Dialogue, conn: Conn): Promise<Listing> {
  const first = await dialogue.say('LIST', examination.patienceMs)
  if (first.outcome !== 'works') {
    conn.destroy()
    return { whole: false, ...textOf(first) }
  }
  const drained = await drain(examination, conn)
  if (first.reply !== undefined && first.reply.code >= 200) return drained
  const last = await dialogue.hear(examination.patienceMs)
  return { ...drained, whole: drained.whole && last.outcome === 'works', ...textOf(last) }
}

/** How much of a listing is enough to know that data flows. */
const enough = 64 * 1024 * 1024
/** How much of it is read as a listing. */
const sampleSize = 64 * 1024

/** Three full packets: shorter files say nothing about those. */
const leastSample = 4096

/** Reads to the end, under TLS where it has to be, and closes; not whole when it stalls, breaks, or is endless. */
export async function drain(examination: Examination, bare: Conn): Promise<Listing> {
  let conn = bare
  let told: (() => NonNullable<Listing['tls']>) | undefined
  const pieces: Uint8Array[] = []
  let whole = false
  try {
    if (examination.protect !== undefined) ({ conn, told } = await examination.protect(bare))
    whole = await readAll(examination, conn, pieces)
  } catch (thrown) {
    outcomeOf(thrown)
  } finally {
    conn.destroy()
  }
  const tls = told?.()
  return { whole, ...factsOf(pieces, examination.clock.now()), ...(tls === undefined ? {} : { tls }) }
}

async function readAll(
  { clock, patienceMs }: Examination,
  conn: Conn,
  sample: Uint8Array[],
): Promise<boolean> {
  const started = clock.ticks()
  let size = 0
  // Who sends a byte now and then is not waited for longer than who sends none, three times over.
  while (size < enough && clock.ticks() - started < patienceMs * 3) {
    const pieces = await within(
      clock,
      patienceMs,
      conn.read().then((read) => read ?? 'end'),
    )
    if (pieces === undefined) return false
    if (pieces === 'end') {
      await conn.end()
      return true
    }
    for (const piece of pieces) {
      if (size < sampleSize) sample.push(Uint8Array.from(piece))
      size += piece.length
    }
  }
  return false
}

function factsOf(pieces: readonly Uint8Array[], now: number): Partial<Listing> {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  if (bytes.length === 0) return { lines: 0 }
  const text = decodeText(bytes)
  const lines = text.split('\n').filter((line) => line.trim() !== '').length
  const { entries } = parseListing(bytes, now)
  const worth = entries.find(({ kind, size }) => kind === 'file' && (size ?? 0) >= leastSample)
  return {
    lines,
    understood: entries.length,
    utf8: !holdsRawBytes(text.slice(0, text.lastIndexOf('\n') + 1)),
    ...(worth === undefined ? {} : { file: worth.name }),
  }
}
