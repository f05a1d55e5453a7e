import type { Conn, Peer, Port } from '../../core/network.ts'
import { formatEprt, formatPort } from '../../ftp/wire/address.ts'
import { familyOf } from '../../core/address.ts'
import type { Dialogue } from '../dialogue.ts'
import type { ActiveStep, Diagnosis, Outcome } from '../step.ts'
import { within } from '../within.ts'
import { textOf } from './enter.ts'
import type { Examination } from './examination.ts'
import { drain } from './listing.ts'

/** Listens, says PORT or EPRT, and waits for the server to come with a listing. */
export async function tryActive(
  examination: Examination,
  dialogue: Dialogue,
  command: 'PORT' | 'EPRT',
): Promise<ActiveStep> {
  const { address } = dialogue.conn.local
  if (command === 'PORT' && familyOf(address) !== 4) {
    return { outcome: 'not-tried', ms: 0, told: { address, port: 0 }, text: 'PORT knows IPv4 only' }
  }
  const arrival = new Arrival()
  const port = await examination.network.listen({ host: address, port: 0 }, (conn) => arrival.take(conn))
  try {
    return await askToCome(examination, dialogue, command, port, arrival)
  } finally {
    await port.close()
    arrival.conn?.destroy()
  }
}

async function askToCome(
  examination: Examination,
  dialogue: Dialogue,
  command: 'PORT' | 'EPRT',
  { local: told }: Port,
  arrival: Arrival,
): Promise<ActiveStep> {
  const argument = command === 'PORT' ? formatPort(told) : formatEprt(told)
  const agreed = await dialogue.say(`${command} ${argument}`, examination.patienceMs)
  if (agreed.outcome !== 'works') return { outcome: agreed.outcome, ms: agreed.ms, told, ...textOf(agreed) }
  const answer = await dialogue.say('LIST', examination.patienceMs)
  const conn = arrival.conn ?? (await within(examination.clock, waitFor(answer.outcome), arrival.come()))
  const cameFrom: { cameFrom?: Peer } = conn === undefined ? {} : { cameFrom: conn.remote }
  if (conn === undefined) {
    const outcome: Outcome = answer.outcome === 'works' ? 'silence' : answer.outcome
    return { outcome, ms: answer.ms, told, ...textOf(answer) }
  }
  const listing = await drain(examination, conn)
  const open = answer.reply !== undefined && answer.reply.code < 200
  const last = open ? await dialogue.hear(examination.patienceMs) : answer
  const outcome = listing.whole && last.outcome === 'works' ? 'works' : 'cut'
  return { outcome, ms: answer.ms, told, listing, ...cameFrom, ...textOf(last) }
}

/** A server that said no will not come; one that said yes, or nothing yet, may be on its way. */
function waitFor(outcome: Outcome): number {
  return outcome === 'works' ? 3000 : 50
}

/** The connection that the server makes. */
class Arrival {
  conn: Conn | undefined
  #wake: ((conn: Conn) => void) | undefined

  take(conn: Conn): void {
    if (this.conn !== undefined) return conn.destroy()
    this.conn = conn
    this.#wake?.(conn)
  }

  come(): Promise<Conn> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}

/** Asks a Ferry server what it saw of us; others know no such thing, and that is no trouble. */
export async function diagnose(examination: Examination, dialogue: Dialogue): Promise<Diagnosis> {
  const heard = await dialogue.say('SITE DIAG', examination.patienceMs)
  const lines = heard.reply?.lines ?? []
  const peer = valueOf(lines, 'peer')
  const arrived = valueOf(lines, 'port-argument')
  return {
    outcome: peer === undefined ? 'not-tried' : heard.outcome,
    ms: heard.ms,
    ...(peer === undefined ? {} : { peer }),
    ...(arrived === undefined ? {} : { arrived }),
  }
}

function valueOf(lines: readonly string[], name: string): string | undefined {
  const start = `${name}: `
  return lines
    .map((line) => line.trim())
    .find((line) => line.startsWith(start))
    ?.slice(start.length)
}
