import type { NetworkError } from '../../core/error.ts'
import type { Dialogue, Heard } from '../dialogue.ts'
import type { Features, Greeting, Step } from '../step.ts'
import type { Examination } from './examination.ts'
import { speaksHttp, speaksWhenAsked } from './reach.ts'

/** The reply as a person would read it, or why there is none. */
export function textOf({ reply, trouble }: Heard): Pick<Step, 'reply' | 'text' | 'wantsCertificate'> {
  if (reply !== undefined) return { reply: `${reply.code} ${reply.lines.join(' ')}`.trim() }
  return trouble === undefined ? {} : brokenBy(trouble)
}

/** What broke a connection, for a step. */
export function brokenBy({ message, facts }: NetworkError): Pick<Step, 'text' | 'wantsCertificate'> {
  return { text: message, ...(facts.wantsCertificate === true ? { wantsCertificate: true } : {}) }
}

/** Waits for the greeting, and finds out what stands there when it is none. */
export async function greet(examination: Examination, dialogue: Dialogue): Promise<Greeting> {
  let heard = await dialogue.hear(examination.patienceMs)
  // 120: ready in some minutes (RFC 959 §5.4), and the real greeting comes behind it.
  if (heard.reply?.code === 120) heard = await dialogue.hear(examination.patienceMs)
  const { outcome, ms, foreign } = heard
  if (heard.reply !== undefined) return { outcome, ms, speaks: 'ftp', ...textOf(heard) }
  if (foreign !== undefined && foreign !== 'ftp' && foreign !== 'nothing') {
    return { outcome: 'rejected', ms, speaks: foreign }
  }
  const { address, port } = dialogue.conn.remote
  if (!dialogue.conn.secure) {
    const speaks = await speaksWhenAsked(examination, address, port)
    return { outcome, ms, speaks: speaks === 'ftp' ? 'nothing' : speaks, ...textOf(heard) }
  }
  const web =
    outcome === 'silence' &&
    (await speaksHttp(dialogue.conn, async () => (await dialogue.hear(3000)).foreign))
  return { outcome, ms, speaks: web ? 'http' : 'nothing', ...textOf(heard) }
}

/** Asks what the server can do. */
export async function askFeatures(examination: Examination, dialogue: Dialogue): Promise<Features> {
  const heard = await dialogue.say('FEAT', examination.patienceMs)
  const names = heard.outcome === 'works' ? (heard.reply?.lines ?? []).slice(1, -1) : []
  return { outcome: heard.outcome, ms: heard.ms, names: names.map((name) => name.trim()), ...textOf(heard) }
}

/** Logs in. The password never reaches the transcript, nor a report. */
export async function logIn(examination: Examination, dialogue: Dialogue): Promise<Step> {
  const { user, password, patienceMs } = examination
  let heard = await dialogue.say(`USER ${user}`, patienceMs)
  if (heard.reply?.code === 331) heard = await dialogue.say(`PASS ${password}`, patienceMs, 'PASS ****')
  const good = heard.reply !== undefined && heard.reply.code >= 200 && heard.reply.code < 300
  const outcome = good ? 'works' : heard.outcome === 'works' ? 'rejected' : heard.outcome
  return { outcome, ms: heard.ms, ...textOf(heard) }
}
