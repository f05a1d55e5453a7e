import type { Conn } from '../core/network.ts'
import { diagnose, tryActive } from './checks/active.ts'
import { askFeatures, greet, logIn } from './checks/enter.ts'
import type { Examination } from './checks/examination.ts'
import { tryIdle, tryRestart, tryRoundTrip } from './checks/extras.ts'
import { tryPassive } from './checks/passive.ts'
import { knock, lookBeside, lookUp, reach } from './checks/reach.ts'
import { Dialogue } from './dialogue.ts'
import type { Findings } from './step.ts'

/** Tries everything that an FTP client does, each step by itself, as far as it goes. It never rejects for the server's sake. */
export async function examineFtp(examination: Examination): Promise<Findings> {
  const { host, port } = examination
  const lookup = await lookUp(examination)
  let found: Findings = { host, port, lookup }
  if (lookup.outcome !== 'works') return found
  const { knocks, conn } = await reach(examination, lookup.addresses)
  found = { ...found, knocks }
  if (conn === undefined) {
    const [address = host] = lookup.addresses
    return { ...found, otherPorts: await lookBeside(examination, address) }
  }
  found = { ...found, local: conn.local.address, peer: conn.remote.address }
  const dialogue = new Dialogue(conn, examination.clock, examination.said)
  try {
    return await examineSession(examination, dialogue, found)
  } finally {
    dialogue.leave()
  }
}

async function examineSession(
  examination: Examination,
  dialogue: Dialogue,
  start: Findings,
): Promise<Findings> {
  let found = start
  found = { ...found, greeting: await greet(examination, dialogue) }
  if (found.greeting?.outcome !== 'works') return found
  found = { ...found, features: await askFeatures(examination, dialogue) }
  found = { ...found, login: await logIn(examination, dialogue) }
  if (found.login?.outcome !== 'works') return found
  const [passive, active] = await Promise.all([
    examinePassive(examination, dialogue),
    examineActive(examination, dialogue.conn),
  ])
  return { ...found, ...passive, ...active }
}

async function examinePassive(examination: Examination, dialogue: Dialogue): Promise<Partial<Findings>> {
  let found: Partial<Findings> = {
    restart: await tryRestart(examination, dialogue),
    idle: await tryIdle(examination, dialogue),
  }
  found = { ...found, epsv: await tryPassive(examination, dialogue, 'EPSV') }
  if (dialogue.conn.remote.address.includes('.')) {
    found = { ...found, pasv: await tryPassive(examination, dialogue, 'PASV') }
  }
  const flows = found.epsv?.listed === true || found.pasv?.listed === true
  if (!examination.mayWrite || !flows) return found
  return { ...found, roundTrip: await tryRoundTrip(examination, dialogue) }
}

/**
 * Active mode has a session of its own: a server that cannot reach us may try for a minute, and answers nothing meanwhile.
 * EPRT has another, for the same reason.
 */
async function examineActive(examination: Examination, { remote }: Conn): Promise<Partial<Findings>> {
  const [byPort, byEprt] = await Promise.all([
    inOwnSession(examination, remote.address, async (dialogue) => {
      const portCommand = await tryActive(examination, dialogue, 'PORT')
      return { portCommand, diagnosis: await diagnose(examination, dialogue) }
    }),
    inOwnSession(examination, remote.address, async (dialogue) => ({
      eprt: await tryActive(examination, dialogue, 'EPRT'),
    })),
  ])
  return { ...byPort, ...byEprt }
}

async function inOwnSession(
  examination: Examination,
  address: string,
  work: (dialogue: Dialogue) => Promise<Partial<Findings>>,
): Promise<Partial<Findings>> {
  const { conn } = await knock(examination, address, examination.port)
  if (conn === undefined) return {}
  const dialogue = new Dialogue(conn, examination.clock, examination.said)
  try {
    if ((await greet(examination, dialogue)).outcome !== 'works') return {}
    if ((await logIn(examination, dialogue)).outcome !== 'works') return {}
    return await work(dialogue)
  } finally {
    dialogue.leave()
  }
}
