import { parseEpsvReply } from '../../ftp/wire/address.ts'
import type { Dialogue } from '../dialogue.ts'
import type { PassiveStep, PassiveTry } from '../step.ts'
import type { Findings } from '../findings.ts'
import { inOwnSession } from './begin.ts'
import { textOf } from './enter.ts'
import type { Examination } from './examination.ts'
import { tryPassive } from './passive.ts'
import { knock } from './reach.ts'

type Ways = Pick<Findings, 'epsv' | 'pasv' | 'tries'>

/** Tries EPSV and PASV, and some ports more: of a range that is half open the first two may well be the right ones. */
export async function tryPassiveWays(examination: Examination, dialogue: Dialogue): Promise<Ways> {
  const epsv = await tryPassive(examination, dialogue, 'EPSV')
  if (!dialogue.conn.remote.address.includes('.')) {
    return withTries(examination, dialogue, { epsv })
  }
  const pasv = await tryPasv(
    examination,
    dialogue,
    epsv.outcome === 'silence' ? shorter(examination) : undefined,
  )
  return withTries(examination, dialogue, { epsv, pasv })
}

/** Enough for a SYN that is sent a second time, where one port was waited for in full. */
function shorter({ patienceMs }: Examination): number {
  return Math.min(patienceMs, 2500)
}

/** Where EPSV was swallowed on the way, its connection is stuck: PASV is asked on another. */
function tryPasv(
  examination: Examination,
  dialogue: Dialogue,
  portMs: number | undefined,
): Promise<PassiveStep> {
  if (!dialogue.lost) return tryPassive(examination, dialogue, 'PASV', portMs)
  return inOwnSession(
    examination,
    dialogue.conn.remote.address,
    examination.protect !== undefined,
    (begun) => tryPassive(begun.examination, begun.dialogue, 'PASV'),
    () => ({ outcome: 'not-tried', ms: 0, text: 'no second session' }),
  )
}

/** Whether a port of the server itself was named and could not be reached. */
function isBlocked({ named, outcome, elsewhere }: PassiveStep): boolean {
  if (named === undefined || elsewhere === true) return false
  return outcome === 'refused' || outcome === 'silence' || outcome === 'unreachable'
}

async function withTries(examination: Examination, dialogue: Dialogue, ways: Ways): Promise<Ways> {
  const { epsv, pasv } = ways
  const tries: PassiveTry[] = []
  if (![epsv, pasv].some((step) => step !== undefined && isBlocked(step))) {
    if (epsv?.listed !== true) return ways
    const hasty = { ...examination, patienceMs: shorter(examination) }
    let blocked = 0
    while (tries.length < morePorts && blocked < 2 && !dialogue.lost) {
      const step = await tryPort(hasty, dialogue)
      if (isBlocked(step)) blocked += 1
      tries.push({ command: 'EPSV', ...step })
    }
    return { ...ways, tries }
  }
  for (const command of moreOf(epsv, pasv)) {
    if (dialogue.lost) break
    tries.push({ command, ...(await tryPassive(examination, dialogue, command, shorter(examination))) })
  }
  return { ...ways, tries }
}

/** Of a range that is half open eight ports in all are the right ones once in 256 times. */
const morePorts = 6

/** Asks for a port and goes there, without a listing: where listings come, this tells the rest. */
async function tryPort(examination: Examination, dialogue: Dialogue): Promise<PassiveStep> {
  const heard = await dialogue.say('EPSV', examination.patienceMs)
  const port = parseEpsvReply(heard.reply?.lines.join(' ') ?? '')
  if (heard.outcome !== 'works' || port === undefined) {
    return { outcome: heard.outcome === 'works' ? 'rejected' : heard.outcome, ms: heard.ms, ...textOf(heard) }
  }
  const named = { address: dialogue.conn.remote.address, port }
  const { knock: found, conn } = await knock(examination, named.address, port)
  conn?.destroy()
  return { named, outcome: found.outcome, ms: found.ms }
}

/** What is asked again: both by turns where both are known, as something between may let through one of them alone. */
function moreOf(epsv: PassiveStep | undefined, pasv: PassiveStep | undefined): readonly ('EPSV' | 'PASV')[] {
  if (pasv?.named === undefined) return ['EPSV', 'EPSV', 'EPSV', 'EPSV']
  if (epsv?.named === undefined) return ['PASV', 'PASV', 'PASV', 'PASV']
  // A quarter of a minute is enough where nothing comes of either.
  if (isBlocked(epsv) && isBlocked(pasv)) return ['EPSV', 'PASV', 'EPSV']
  return ['EPSV', 'PASV', 'EPSV', 'PASV']
}
