import { isUnspecified, sameAddress } from '../../core/address.ts'
import type { Conn } from '../../core/network.ts'
import { parseEpsvReply, parsePasvReply } from '../../ftp/wire/address.ts'
import type { Dialogue } from '../dialogue.ts'
import type { Outcome, PassiveStep } from '../step.ts'
import { textOf } from './enter.ts'
import type { Examination } from './examination.ts'
import { list } from './listing.ts'
import { knock } from './reach.ts'

/** Tries EPSV or PASV, the port that it names, waiting so long for it, and a listing over it. */
export async function tryPassive(
  examination: Examination,
  dialogue: Dialogue,
  command: 'EPSV' | 'PASV',
  portMs = examination.patienceMs,
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
  const atNamed = await reachNamed({ ...examination, patienceMs: portMs }, named, elsewhere, peer)
  const step = { ...found, outcome: atNamed.outcome, ms: atNamed.ms, ...atNamed.extra }
  if (atNamed.conn === undefined) return { ...step, listed: false }
  const listing = await list(examination, dialogue, atNamed.conn)
  return { ...step, listing, listed: listing.whole, ...(listing.whole ? { outcome: 'works' } : {}) }
}

interface Reached {
  readonly outcome: Outcome
  readonly ms: number
  readonly conn?: Conn
  readonly extra: Pick<PassiveStep, 'atPeer' | 'again'>
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
  if (!elsewhere) {
    return { outcome, ms, extra: outcome === 'refused' ? await knockAgain(examination, named) : {} }
  }
  const atPeer = await knock(examination, peer, named.port)
  const extra = { atPeer: atPeer.knock.outcome }
  return { outcome, ms, extra, ...(atPeer.conn === undefined ? {} : { conn: atPeer.conn }) }
}

const moreKnocks = 4

/** A balancer sends each connection to another server: what one refuses the next may take. A firewall refuses always. */
async function knockAgain(
  examination: Examination,
  { address, port }: { readonly address: string; readonly port: number },
): Promise<Pick<PassiveStep, 'again'>> {
  for (let more = 0; more < moreKnocks; more += 1) {
    const { conn } = await knock(examination, address, port)
    conn?.destroy()
    if (conn !== undefined) return { again: 'works' }
  }
  return { again: 'refused' }
}
