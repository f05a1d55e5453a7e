import { certificateFaults } from '../../core/certificate.ts'
import { dayMs } from '../../core/day.ts'
import { NetworkError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import type { PeerCertificate, SecureClient, SecureConn } from '../../core/tls.ts'
import { outcomeOf, type Dialogue } from '../dialogue.ts'
import type { Handshake, Secured, ShownCertificate } from '../secured.ts'
import { brokenBy, textOf } from './enter.ts'
import type { Examination } from './examination.ts'
import { standingOf } from './standing.ts'

type Shaken = Pick<Secured, 'auth' | 'before' | 'handshake'>

/** What came of asking for TLS. */
export interface Encrypted {
  readonly found: Shaken
  readonly conn?: SecureConn
}

/** Says AUTH TLS where TLS does not come first, and shakes hands. */
export async function encryptControl(
  examination: Examination,
  dialogue: Dialogue,
  implicit: boolean,
): Promise<Encrypted> {
  let found: Shaken = await acceptedBefore(examination)
  if (!implicit) {
    const heard = await dialogue.say('AUTH TLS', examination.patienceMs)
    const taken = heard.reply?.code === 234 || heard.reply?.code === 334
    const outcome = taken ? 'works' : heard.outcome === 'works' ? 'rejected' : heard.outcome
    found = { ...found, auth: { outcome, ms: heard.ms, ...textOf(heard) } }
    if (!taken) return { found }
  }
  const started = examination.clock.ticks()
  const ms = (): number => Math.round(examination.clock.ticks() - started)
  try {
    const conn = await examination.network.secure(dialogue.conn, tlsOf(examination))
    if (!dialogue.become(conn)) {
      const text = 'something came in clear where TLS had to begin'
      return { found: { ...found, handshake: { outcome: 'rejected', ms: ms(), text } } }
    }
    return { found: { ...found, handshake: await factsOf(examination, conn, ms()) }, conn }
  } catch (thrown) {
    const outcome = outcomeOf(thrown)
    const why = thrown instanceof NetworkError ? brokenBy(thrown) : {}
    return { found: { ...found, handshake: { outcome, ms: ms(), ...why } } }
  }
}

async function acceptedBefore({ trust, host, port }: Examination): Promise<Shaken> {
  const fingerprint = await trust?.known?.find(host, port)
  if (trust?.known === undefined || fingerprint === undefined) return {}
  return { before: { fingerprint, keptIn: trust.known.name } }
}

/** How data connections are encrypted: they go on with the newest session of the control connection, or with none. */
export function protector(
  examination: Examination,
  control: SecureConn,
  resume: boolean,
): NonNullable<Examination['protect']> {
  let newest: Uint8Array | undefined
  return async (conn: Conn) => {
    const session = newest ?? control.session
    const how = tlsOf(examination)
    const secured = await examination.network.secure(
      conn,
      resume && session !== undefined ? { ...how, session } : how,
    )
    return {
      conn: secured,
      told() {
        newest = secured.session ?? newest
        const { version, resumed } = secured.tls
        return { version, resumed, ending: secured.ending }
      },
    }
  }
}

function tlsOf({ host, patienceMs, trust = {} }: Examination): SecureClient {
  const { authorities, revoked, certificate, pins: _pins, known: _known, ...limits } = trust
  return {
    side: 'client',
    host,
    protocols: [],
    timeoutMs: patienceMs,
    watched: true,
    limits,
    ...(authorities === undefined ? {} : { authorities }),
    ...(revoked === undefined ? {} : { revoked }),
    ...(certificate === undefined ? {} : { certificate }),
  }
}

async function factsOf(examination: Examination, { tls }: SecureConn, ms: number): Promise<Handshake> {
  const { version, cipher, peer } = tls
  const text = `${version} ${cipher}`
  const certificate = peer === undefined ? undefined : await shown(examination, peer)
  return {
    outcome: 'works',
    ms,
    version,
    cipher,
    text,
    ...(certificate === undefined ? {} : { certificate }),
  }
}

async function shown(examination: Examination, peer: PeerCertificate): Promise<ShownCertificate> {
  const { fingerprint, keyDigest, subject, issuer, names, validFrom, validTo } = peer
  const now = examination.clock.now()
  return {
    fingerprint,
    keyDigest,
    subject,
    issuer,
    names,
    validFrom: dayOf(validFrom),
    validTo: dayOf(validTo),
    daysLeft: Math.floor((validTo.getTime() - now) / dayMs),
    standing: await standingOf(examination, peer),
    faults: certificateFaults(peer, now),
  }
}

function dayOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString().slice(0, 10)
}
