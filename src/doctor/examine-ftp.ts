import type { Conn } from '../core/network.ts'
import { diagnose, tryActive } from './checks/active.ts'
import { inOwnSession } from './checks/begin.ts'
import { askFeatures, greet, logIn } from './checks/enter.ts'
import type { Examination } from './checks/examination.ts'
import { tryIdle, tryRest, tryRestart, tryRoundTrip } from './checks/extras.ts'
import { tryOtherFamily } from './checks/other-family.ts'
import { tryPassiveWays } from './checks/passive-ways.ts'
import { trySample } from './checks/sample.ts'
import { lookAt, lookBeside, lookUp, reach } from './checks/reach.ts'
import { Dialogue } from './dialogue.ts'
import { examineTls } from './examine-tls.ts'
import type { Secured } from './secured.ts'
import type { Findings } from './findings.ts'

/** Tries everything that an FTP client does, each step by itself, as far as it goes. It never rejects for the server's sake. */
export async function examineFtp(examination: Examination): Promise<Findings> {
  const { host, port, security } = examination
  const lookup = await lookUp(examination)
  const anonymous = examination.user === 'anonymous' || examination.user === 'ftp'
  let found: Findings = { host, port, security, anonymous, lookup }
  if (lookup.outcome !== 'works') return found
  const { knocks, conn } = await reach(examination, lookup.addresses)
  found = { ...found, knocks }
  if (conn === undefined) {
    const [address = host] = lookup.addresses
    return { ...found, otherPorts: await lookBeside(examination, address) }
  }
  found = { ...found, local: conn.local.address, peer: conn.remote.address }
  if (security === 'implicit') {
    conn.destroy()
    return withOtherFamily(examination, await examineImplicit(examination, conn, found))
  }
  const dialogue = new Dialogue(conn, examination.clock, examination.said)
  try {
    found = await examineSession(examination, dialogue, found)
  } finally {
    dialogue.leave()
  }
  return withOtherFamily(examination, found)
}

async function withOtherFamily(examination: Examination, found: Findings): Promise<Findings> {
  return { ...found, ...(await tryOtherFamily(examination, found)) }
}

/** TLS comes first; where it does not, the port is asked what it is. */
async function examineImplicit(
  examination: Examination,
  { remote }: Conn,
  found: Findings,
): Promise<Findings> {
  const secured = await underTls(examination, remote.address)
  if (secured.tls?.handshake?.outcome === 'works') {
    const { greeting } = secured.tls
    return { ...found, ...secured, ...(greeting === undefined ? {} : { greeting }) }
  }
  const { outcome, ms, speaks } = await lookAt(examination, remote.address, remote.port)
  return { ...found, ...secured, greeting: { outcome, ms, speaks } }
}

async function examineSession(
  examination: Examination,
  dialogue: Dialogue,
  start: Findings,
): Promise<Findings> {
  const { address } = dialogue.conn.remote
  let found: Findings = { ...start, greeting: await greet(examination, dialogue) }
  if (found.greeting?.outcome !== 'works') return found
  found = { ...found, features: await askFeatures(examination, dialogue) }
  if (examination.security === 'explicit') return { ...found, ...(await underTls(examination, address)) }
  found = { ...found, login: await logIn(examination, dialogue) }
  if (found.login?.outcome === 'works') {
    const [passive, active, rested] = await Promise.all([
      examinePassive(examination, dialogue),
      examineActive(examination, address),
      examineRest(examination, address),
    ])
    found = { ...found, ...passive, ...active, ...rested }
  }
  const { roundTrip: _clearIsEnough, ...tls } = await examineTls({ ...examination, mayWrite: false }, address)
  return { ...found, ...turnedAwayOf(tls), tls }
}

/** A connection more that came to nothing before a word was said: it is not TLS that it failed of. */
function turnedAwayOf({ greeting }: Secured): Partial<Findings> {
  return greeting === undefined || greeting.outcome === 'works' ? {} : { second: greeting }
}

/** A session that says nothing for a while, and that our own system keeps not alive. */
async function examineRest(examination: Examination, address: string): Promise<Partial<Findings>> {
  if (examination.idleMs === 0) return {}
  return inOwnSession<Partial<Findings>>(
    examination,
    address,
    false,
    async ({ dialogue }) => ({ rested: await tryRest(examination, dialogue) }),
    () => ({}),
    true,
  )
}

/** Where nothing is said in clear, what was found under TLS is what was found. */
async function underTls(examination: Examination, address: string): Promise<Partial<Findings>> {
  const { roundTrip, sample, ...tls } = await examineTls(examination, address)
  const { features, login, epsv, pasv, tries, portCommand, eprt } = tls
  return {
    ...turnedAwayOf(tls),
    tls,
    ...(features === undefined ? {} : { features }),
    ...(login === undefined ? {} : { login }),
    ...(epsv === undefined ? {} : { epsv }),
    ...(pasv === undefined ? {} : { pasv }),
    ...(tries === undefined ? {} : { tries }),
    ...(portCommand === undefined ? {} : { portCommand }),
    ...(eprt === undefined ? {} : { eprt }),
    ...(roundTrip === undefined ? {} : { roundTrip }),
    ...(sample === undefined ? {} : { sample }),
  }
}

async function examinePassive(examination: Examination, dialogue: Dialogue): Promise<Partial<Findings>> {
  let found: Partial<Findings> = {
    restart: await tryRestart(examination, dialogue),
    idle: await tryIdle(examination, dialogue),
  }
  found = { ...found, ...(await tryPassiveWays(examination, dialogue)) }
  const flows = found.epsv?.listed === true || found.pasv?.listed === true
  if (!flows || dialogue.lost) return found
  if (examination.mayWrite) found = { ...found, roundTrip: await tryRoundTrip(examination, dialogue) }
  const name = found.epsv?.listing?.file ?? found.pasv?.listing?.file
  return name === undefined ? found : { ...found, sample: await trySample(examination, dialogue, name) }
}

/**
 * Active mode has a session of its own: a server that cannot reach us may try for a minute, and answers nothing meanwhile.
 * EPRT has another, for the same reason.
 */
async function examineActive(examination: Examination, address: string): Promise<Partial<Findings>> {
  const [byPort, byEprt] = await Promise.all([
    inOwnSession(
      examination,
      address,
      false,
      async ({ dialogue }): Promise<Partial<Findings>> => {
        const portCommand = await tryActive(examination, dialogue, 'PORT')
        return { portCommand, diagnosis: await diagnose(examination, dialogue) }
      },
      turnedAway,
    ),
    inOwnSession(
      examination,
      address,
      false,
      async ({ dialogue }): Promise<Partial<Findings>> => ({
        eprt: await tryActive(examination, dialogue, 'EPRT'),
      }),
      turnedAway,
    ),
  ])
  return { ...byPort, ...byEprt }
}

/** A second session that did not come about: not because of the password, which the first has shown to be right. */
function turnedAway({ greeting, login }: Secured): Partial<Findings> {
  const second = login ?? greeting
  return second === undefined ? {} : { second }
}
