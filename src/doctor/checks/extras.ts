import type { Conn } from '../../core/network.ts'
import { encodeText } from '../../core/text.ts'
import { parseEpsvReply, parsePasvReply } from '../../ftp/wire/address.ts'
import { outcomeOf, type Dialogue, type Heard } from '../dialogue.ts'
import type { RoundTrip, Step } from '../step.ts'
import { within } from '../within.ts'
import { inOwnSession } from './begin.ts'
import { textOf } from './enter.ts'
import type { Examination } from './examination.ts'
import { knock } from './reach.ts'

/** Whether interrupted downloads can go on (REST). */
export async function tryRestart(examination: Examination, dialogue: Dialogue): Promise<Step> {
  // ProFTPD goes on in the middle of no text.
  await dialogue.say('TYPE I', examination.patienceMs)
  const heard = await dialogue.say('REST 1', examination.patienceMs)
  if (heard.outcome === 'works') await dialogue.say('REST 0', examination.patienceMs)
  const taken = heard.reply?.code === 350
  return { outcome: taken ? 'works' : noOr(heard.outcome), ms: heard.ms, ...textOf(heard) }
}

/** Whether the server answers to NOOP, which keeps routers from forgetting an idle connection. */
export async function tryIdle(examination: Examination, dialogue: Dialogue): Promise<Step> {
  const first = await dialogue.say('NOOP', examination.patienceMs)
  let ms = first.ms
  // Any of them may have waited for something else: the quickest is the pace.
  for (let more = 0; more < 4 && !dialogue.lost && ms > quickMs; more += 1) {
    ms = Math.min(ms, (await dialogue.say('NOOP', examination.patienceMs)).ms)
  }
  return { outcome: first.outcome, ms, ...textOf(first) }
}

/** No acknowledgement is held back for so short a time. */
const quickMs = 20

/** Leaves the session alone for a while, and asks whether it is still there. */
export async function tryRest(
  examination: Examination,
  dialogue: Dialogue,
): Promise<Step & { readonly idleMs: number }> {
  const { clock, idleMs, patienceMs } = examination
  await new Promise<void>((resolve) => clock.after(idleMs, resolve))
  const heard = await dialogue.say('NOOP', patienceMs)
  return { outcome: heard.outcome, ms: heard.ms, idleMs, ...textOf(heard) }
}

function noOr(outcome: Step['outcome']): Step['outcome'] {
  return outcome === 'works' ? 'rejected' : outcome
}

const fileName = '.ferry-doctor'

/** Line ends that no text mode leaves alone, and enough behind them to fill some packets. */
const content = encodeText(`Ferry\r\nwas\nhere\r\n${'.'.repeat(6000)}`)

/** Writes a small file, reads it back, and removes it again, whatever went wrong in between. */
export async function tryRoundTrip(examination: Examination, dialogue: Dialogue): Promise<RoundTrip> {
  const started = examination.clock.ticks()
  const ms = (): number => Math.round(examination.clock.ticks() - started)
  const name = `${fileName}-${Math.trunc(examination.clock.now()).toString(36)}`
  await dialogue.say('TYPE I', examination.patienceMs)
  const stored = await move(examination, dialogue, `STOR ${name}`, content)
  if (stored.outcome !== 'works') {
    if (stored.begun) await remove(examination, dialogue, name)
    return { ...stored.step, stage: 'STOR', ms: ms() }
  }
  const back = await move(examination, dialogue, `RETR ${name}`, undefined)
  const removed = await remove(examination, dialogue, name)
  const left = removed.outcome === 'works' ? {} : { leftBehind: name }
  if (back.outcome !== 'works') return { ...back.step, stage: 'RETR', ms: ms(), ...left }
  if (!same(content, back.bytes)) {
    const text = `${content.length} bytes were sent and ${back.bytes.length} came back`
    const sizes = { bytesBack: back.bytes.length, bytesSent: content.length }
    return { outcome: 'rejected', stage: 'compare', ms: ms(), text, ...sizes, ...left }
  }
  if (removed.outcome === 'works') return { outcome: 'works', ms: ms() }
  return { outcome: removed.outcome, stage: 'DELE', ms: ms(), ...textOf(removed), ...left }
}

/** Where the session is of no use any more, the file is removed in another: nothing is left behind for that. */
function remove(examination: Examination, dialogue: Dialogue, name: string): Promise<Heard> {
  const line = `DELE ${name}`
  if (!dialogue.lost) return dialogue.say(line, examination.patienceMs)
  return inOwnSession<Heard>(
    examination,
    dialogue.conn.remote.address,
    examination.protect !== undefined,
    (begun) => begun.dialogue.say(line, examination.patienceMs),
    () => ({ outcome: 'silence', ms: 0 }),
  )
}

interface Moved {
  readonly outcome: Step['outcome']
  readonly step: Step
  readonly bytes: Uint8Array
  /** Whether the server took the command, so that something of the file may be there. */
  readonly begun: boolean
}

/** One transfer by passive mode, which the listing has shown to work. */
async function move(
  examination: Examination,
  dialogue: Dialogue,
  command: string,
  content: Uint8Array | undefined,
): Promise<Moved> {
  const none = new Uint8Array(0)
  const conn = await passiveConn(examination, dialogue)
  if (conn === undefined) {
    return { outcome: 'silence', step: { outcome: 'silence', ms: 0 }, bytes: none, begun: false }
  }
  const first = await dialogue.say(command, examination.patienceMs)
  if (first.outcome !== 'works') {
    conn.destroy()
    const step = { outcome: first.outcome, ms: first.ms, ...textOf(first) }
    return { outcome: first.outcome, step, bytes: none, begun: false }
  }
  const bytes = await carry(examination, conn, content)
  const last =
    first.reply !== undefined && first.reply.code >= 200 ? first : await dialogue.hear(examination.patienceMs)
  conn.destroy()
  const outcome = last.outcome === 'works' && bytes === undefined ? 'cut' : last.outcome
  return { outcome, step: { outcome, ms: last.ms, ...textOf(last) }, bytes: bytes ?? none, begun: true }
}

/** The bytes that went or came; undefined: they did not. */
async function carry(
  examination: Examination,
  bare: Conn,
  content: Uint8Array | undefined,
): Promise<Uint8Array | undefined> {
  try {
    const { conn } = examination.protect === undefined ? { conn: bare } : await examination.protect(bare)
    return content === undefined ? await receive(examination, conn) : await send(conn, content)
  } catch (thrown) {
    outcomeOf(thrown)
    return undefined
  }
}

/** A passive connection, by EPSV or by PASV, to the server's own address. */
export async function passiveConn(examination: Examination, dialogue: Dialogue): Promise<Conn | undefined> {
  const { address } = dialogue.conn.remote
  let heard = await dialogue.say('EPSV', examination.patienceMs)
  let port = parseEpsvReply(heard.reply?.lines.join(' ') ?? '')
  if (heard.outcome !== 'works' || port === undefined) {
    heard = await dialogue.say('PASV', examination.patienceMs)
    port = parsePasvReply(heard.reply?.lines.join(' ') ?? '')?.port
  }
  if (port === undefined) return undefined
  return (await knock(examination, address, port)).conn
}

async function send(conn: Conn, content: Uint8Array): Promise<Uint8Array | undefined> {
  try {
    await conn.write(content)
    await conn.end()
    return content
  } catch (thrown) {
    outcomeOf(thrown)
    return undefined
  }
}

/** More than was written is not read: it cannot be the same file. */
const mostBack = 64 * 1024

async function receive({ clock, patienceMs }: Examination, conn: Conn): Promise<Uint8Array | undefined> {
  let bytes = new Uint8Array(0)
  try {
    while (bytes.length < mostBack) {
      const pieces = await within(
        clock,
        patienceMs,
        conn.read().then((read) => read ?? 'end'),
      )
      if (pieces === 'end') {
        // ProFTPD says 226 when we have closed too.
        await conn.end()
        return bytes
      }
      if (pieces === undefined) return undefined
      for (const piece of pieces) bytes = Uint8Array.from([...bytes, ...piece])
    }
  } catch (thrown) {
    outcomeOf(thrown)
  }
  return undefined
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}
