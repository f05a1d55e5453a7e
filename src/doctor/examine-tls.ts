import { tryActive } from './checks/active.ts'
import { inOwnSession, type Begun } from './checks/begin.ts'
import { textOf } from './checks/enter.ts'
import type { Examination } from './checks/examination.ts'
import { tryRoundTrip } from './checks/extras.ts'
import { tryOldVersions } from './checks/old-versions.ts'
import { tryPassive } from './checks/passive.ts'
import { tryPassiveWays } from './checks/passive-ways.ts'
import { trySample } from './checks/sample.ts'
import type { OldVersion, Secured } from './secured.ts'
import type { RoundTrip, Sample, Step } from './step.ts'

/** What was found out under TLS, and of the small file that travelled there. */
export type UnderTls = Secured & { readonly roundTrip?: RoundTrip; readonly sample?: Sample }

/** Tries under TLS what is tried in clear, and what TLS alone can get wrong; side by side, in sessions of their own. */
export async function examineTls(examination: Examination, address: string): Promise<UnderTls> {
  const implicit = examination.security === 'implicit'
  const [main, active, old] = await Promise.all([
    inOwnSession(examination, address, true, examineTransfers, (found): UnderTls => found),
    inOwnSession(examination, address, true, examineActive, (): Partial<Secured> => ({})),
    tryOldVersions(examination, address, implicit),
  ])
  return { ...main, ...active, ...(old.length === 0 ? {} : { old: sorted(old) }) }
}

function sorted(old: readonly OldVersion[]): readonly OldVersion[] {
  return old.toSorted((a, b) => (a.version < b.version ? -1 : 1))
}

async function examineTransfers(begun: Begun, start: Secured): Promise<UnderTls> {
  const { examination, dialogue, afresh } = begun
  let found: UnderTls = { ...start, ...(await tryPassiveWays(examination, dialogue)) }
  const way = found.epsv?.listed === true ? 'EPSV' : 'PASV'
  if (found.epsv?.listed !== true && found.pasv?.listed !== true) return found
  if (afresh !== undefined) {
    found = { ...found, again: await tryPassive(examination, dialogue, way) }
    found = { ...found, withoutSession: await tryPassive(afresh, dialogue, way) }
  }
  if (examination.mayWrite) found = { ...found, roundTrip: await tryRoundTrip(examination, dialogue) }
  const name = found.epsv?.listing?.file ?? found.pasv?.listing?.file
  if (name !== undefined && examination.security !== 'clear') {
    found = { ...found, sample: await trySample(examination, dialogue, name) }
  }
  // Last, as what these change is not changed back.
  found = { ...found, clearData: await ask(begun, 'PROT C') }
  return { ...found, ccc: await ask(begun, 'CCC') }
}

async function ask({ examination, dialogue }: Begun, line: string): Promise<Step> {
  const heard = await dialogue.say(line, examination.patienceMs)
  return { outcome: heard.outcome, ms: heard.ms, ...textOf(heard) }
}

/** One after the other, as each session costs the server a connection; EPRT is left out where PORT is not answered. */
async function examineActive({ examination, dialogue }: Begun): Promise<Partial<Secured>> {
  const portCommand = await tryActive(examination, dialogue, 'PORT')
  if (dialogue.lost) return { portCommand }
  return { portCommand, eprt: await tryActive(examination, dialogue, 'EPRT') }
}
