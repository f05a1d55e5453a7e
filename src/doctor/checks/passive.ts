import { isUnspecified, sameAddress } from '../../core/address.ts'
import type { Conn } from '../../core/network.ts'
import { parseEpsvReply, parsePasvReply } from '../../ftp/wire/address.ts'
import { outcomeOf, type Dialogue } from '../dialogue.ts'
import type { Outcome, PassiveStep } from '../step.ts'
import { within } from '../within.ts'
import { textOf } from './enter.ts'
import type { Examination } from './examination.ts'
import { knock } from './reach.ts'

/** Tries EPSV or PASV, the port that it names, and a listing over it. */
export async function tryPassive(
  examination: Examination,
  dialogue: Dialogue,
  command: 'EPSV' | 'PASV',
): Promise<PassiveStep> {
  const heard = await dialogue.say(command, examination.patienceMs)
  const peer = dialogue.conn.remote.address
  const text = heard.reply?.lines.join(' ') ?? ''
  if (heard.outcome !== 'works') return { outcome: heard.outcome, ms: heard.ms, ...textOf(heard) }
  const port = command === 'EPSV' ? parseEpsvReply(text) : undefined
  const named = command === 'PASV' ? parsePasvReply(text) : port && { address: peer, port }
  if (!named) return { outcome: 'rejected', ms: heard.ms, text: 'names no port', ...textOf(heard) }
  const elsewhere = !sameAddress(named.address, peer)
  const found = { named, elsewhere, ...textOf(heard) }
  const atNamed = await reachNamed(examination, named, elsewhere, peer)
  const listed = atNamed.conn !== undefined && (await list(examination, dialogue, atNamed.conn))
  return { ...found, listed, outcome: listed ? 'works' : atNamed.outcome, ms: atNamed.ms, ...atNamed.extra }
}

interface Reached {
  readonly outcome: Outcome
  readonly ms: number
  readonly conn?: Conn
  readonly extra: { readonly atPeer?: Outcome }
}

/**
 * Connects where the reply says. When that is another address than the server's, the same port is tried at the server's
 * too: clients that work in spite of a wrong reply do that.
 */
async function reachNamed(
  examination: Examination,
  named: { readonly address: string; readonly port: number },
  elsewhere: boolean,
  peer: string,
): Promise<Reached> {
  const hopeless = isUnspecified(named.address)
  const direct = hopeless ? undefined : await knock(examination, named.address, named.port)
  const ms = direct?.knock.ms ?? 0
  if (direct?.conn !== undefined) return { outcome: 'works', ms, conn: direct.conn, extra: {} }
  const outcome = direct?.knock.outcome ?? 'not-tried'
  if (!elsewhere) return { outcome, ms, extra: {} }
  const atPeer = await knock(examination, peer, named.port)
  const extra = { atPeer: atPeer.knock.outcome }
  return { outcome, ms, extra, ...(atPeer.conn === undefined ? {} : { conn: atPeer.conn }) }
}

/** Whether a listing comes whole: its bytes, its end, and the reply that says so. */
async function list(examination: Examination, dialogue: Dialogue, conn: Conn): Promise<boolean> {
  const first = await dialogue.say('LIST', examination.patienceMs)
  if (first.outcome !== 'works') {
    conn.destroy()
    return false
  }
  const ended = await drain(examination, conn)
  conn.destroy()
  if (first.reply !== undefined && first.reply.code >= 200) return ended
  const last = await dialogue.hear(examination.patienceMs)
  return ended && last.outcome === 'works'
}

/** How much of a listing is enough to know that data flows. */
const enough = 64 * 1024 * 1024

/** Reads to the end; false when it stalls, breaks, or is endless. */
export async function drain({ clock, patienceMs }: Examination, conn: Conn): Promise<boolean> {
  let size = 0
  try {
    while (size < enough) {
      const pieces = await within(clock, patienceMs, readOrEnd(conn))
      if (pieces === undefined) return false
      if (pieces === 'end') return true
      for (const piece of pieces) size += piece.length
    }
  } catch (thrown) {
    outcomeOf(thrown)
  }
  return false
}

async function readOrEnd(conn: Conn): Promise<readonly Uint8Array[] | 'end'> {
  return (await conn.read()) ?? 'end'
}
