import { isPrivate, isUnspecified } from '../../../core/address.ts'
import { dayMs } from '../../../core/day.ts'
import { FileError, IncompleteError, NetworkError, ProtocolError } from '../../../core/error.ts'
import type { Peer } from '../../../core/network.ts'
import type { Path } from '../../../core/path.ts'
import type { Completeness } from '../../../core/remote.ts'
import { formatPort, parsePasvReply } from '../../wire/address.ts'
import type { Reply } from '../../wire/reply.ts'
import { fileError, saidBy, textOf } from '../faults.ts'
import { notWhole } from './not-whole.ts'
import { sizeOf } from '../listing/size-of.ts'
import type { FtpSession } from '../session/session.ts'
import { askTold, askToldLast, became } from './told.ts'

/** One side of a transfer between two servers. */
export interface Side {
  readonly session: FtpSession
  readonly path: Path
}

/**
 * Has one server send a file to another (RFC 959 §2.3, "FXP"): one is made to listen and the other told to go there. Most
 * servers refuse to connect to a third machine, as they should unless somebody wants it: that is `unsupported`, and nothing has
 * moved then. Where sessions are encrypted the servers encrypt too, and neither checks who the other is: only `unchecked`
 * lets them.
 */
export async function sendAcross(from: Side, to: Side, unchecked: boolean): Promise<Completeness> {
  const encrypted = mustBeAlike(from.session, to.session)
  if (encrypted && !unchecked) throw unsupported('between encrypted sessions')
  await from.session.type('I')
  await to.session.type('I')
  const before = await askTold(from.session, from.path, 'I')
  const { size } = before
  const caller = encrypted ? await appoint(from.session, to.session) : undefined
  try {
    if (!(await meet(from.session, to.session, encrypted && caller === undefined)))
      throw unsupported('as one of the servers connects to nobody but us')
    const [sent, stored] = await transfer(from, to).catch((thrown: unknown) => {
      throw encrypted && isNoAgreement(thrown)
        ? unsupported('as they do not agree on TLS among themselves')
        : thrown
    })
    if (sent.code === 425 || stored.code === 425) throw unsupported('as the servers do not reach one another')
    const after = await askToldLast(from.session, from.path, 'I')
    const arrived = await sizeOf(to.session, to.path)
    if (sent.code < 300 && stored.code < 300) {
      if (size === undefined || arrived === undefined) return 'unproven'
      const what = after === undefined ? 'same' : became(before, after, arrived, 'I')
      if (what === 'changed') throw notWhole.changed(from.path, arrived, after?.size)
      if (what === 'grown') return 'size-only'
      if (arrived === size) return 'proven'
    }
    const last = sent.code >= 300 ? sent : stored
    throw new IncompleteError(`${from.path} did not come whole from server to server`, arrived ?? 0, size, {
      facts: { ...saidBy(last), path: from.path, phase: 'end', retryable: true },
    })
  } finally {
    if (caller?.control.usable === true) await dismiss(caller)
  }
}

/** Of a handshake that failed between them servers tell in many ways, and some hang up. A refusal of the file is another thing. */
function isNoAgreement(thrown: unknown): boolean {
  if (thrown instanceof NetworkError) return thrown.fault !== 'aborted'
  const code = thrown instanceof FileError ? (thrown.facts.code ?? 0) : 0
  return (code >= 400 && code < 500) || code === 522 || code === 534
}

/** Whoever plays the client goes on doing so until told otherwise: if it does not listen, nothing else can be done with it. */
async function dismiss({ control }: FtpSession): Promise<void> {
  if ((await control.ask('SSCN OFF')).code >= 300) control.destroy()
}

/** Whether both sessions are encrypted, files and all; one alone would send in clear what the other encrypts. */
function mustBeAlike(from: FtpSession, to: FtpSession): boolean {
  const secure = [from, to].filter(({ control }) => control.conn.secure)
  if (secure.length === 0) return false
  if (!from.isPrivate || !to.isPrivate) throw unsupported('as only one of them is encrypted')
  return true
}

/**
 * Both servers are the server of TLS in all they do: one must play the client. SSCN tells one so for all its connections
 * until SSCN OFF; undefined: neither knows that, and whoever listens must know CPSV.
 */
async function appoint(from: FtpSession, to: FtpSession): Promise<FtpSession | undefined> {
  for (const session of [to, from]) {
    if (session.can('SSCN') && (await session.control.ask('SSCN ON')).code < 300) return session
  }
  if (from.can('CPSV') || to.can('CPSV')) return undefined
  throw unsupported('as neither of the servers can be the client of TLS (SSCN, CPSV)')
}

/** Has one of them listen, and tells the other where; false: one of them does not want to. */
async function meet(from: FtpSession, to: FtpSession, byCpsv: boolean): Promise<boolean> {
  const ask = byCpsv ? 'CPSV' : 'PASV'
  for (const [listening, connecting] of [
    [to, from],
    [from, to],
  ] as const) {
    if (byCpsv && !listening.can('CPSV')) continue
    if (await agree(listening, connecting, ask)) return true
  }
  return false
}

/** Lets one listen and tells the other where; false: one of them does not want to. */
async function agree(listening: FtpSession, connecting: FtpSession, ask: 'PASV' | 'CPSV'): Promise<boolean> {
  const reply = await listening.control.ask(ask)
  const named = reply.code === 227 ? parsePasvReply(textOf(reply).slice(4)) : undefined
  if (named === undefined) return false
  const port = formatPort(reachable(named, listening.control.conn.remote.address))
  return (await connecting.control.ask(`PORT ${port}`)).code < 300
}

/** Behind a router a server names an address that nobody else can reach: ours for it is the better guess. */
function reachable(named: Peer, peer: string): Peer {
  const useless = isUnspecified(named.address) || (isPrivate(named.address) && !isPrivate(peer))
  return useless ? { address: peer, port: named.port } : named
}

/** Starts the receiver first, so that nothing is sent to nobody, and hears both ends. */
async function transfer(from: Side, to: Side): Promise<readonly [sent: Reply, stored: Reply]> {
  await to.session.control.send(`STOR ${to.path}`)
  await from.session.control.send(`RETR ${from.path}`)
  const sending = lastReply(from.session)
  const storing = lastReply(to.session)
  const first = await Promise.race([
    sending.then((reply) => ({ reply, side: from, other: to, doing: 'send' })),
    storing.then((reply) => ({ reply, side: to, other: from, doing: 'store' })),
  ]).catch(async (thrown: unknown) => {
    for (const { session } of [from, to]) session.control.destroy()
    await Promise.allSettled([sending, storing])
    throw thrown
  })
  const { reply, side, other, doing } = first
  if (reply.code < 400) return Promise.all([sending, storing])
  // The other one waits for a connection that will not come: its session cannot be used for anything else.
  other.session.control.destroy()
  await Promise.allSettled([sending, storing])
  if (reply.code === 425) return [reply, reply]
  throw fileError(reply, `${doing} ${side.path}`, { path: side.path })
}

/** Between two servers nothing is heard while bytes move; only TCP itself tells that a session is gone. */
async function lastReply({ control }: FtpSession): Promise<Reply> {
  let reply = await control.reply()
  for (let heard = 1; reply.code < 200; heard += 1) {
    if (heard === mostWords) throw new ProtocolError('the server speaks of the transfer without end')
    reply = await control.reply(longestMs)
  }
  return reply
}

/** A server that says 150 again and again will never say 226. */
const mostWords = 100

const longestMs = dayMs

function unsupported(why: string): FileError {
  return new FileError('unsupported', `the file cannot go from server to server, ${why}`)
}
