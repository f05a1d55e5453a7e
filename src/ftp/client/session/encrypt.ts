import { NetworkError, TrustError } from '../../../core/error.ts'
import type { Conn } from '../../../core/network.ts'
import type { SecureConn } from '../../../core/tls.ts'
import type { Reply } from '../../wire/reply.ts'
import { saidBy } from '../faults.ts'
import type { Control } from './control.ts'
import type { ClientHouse } from '../house.ts'
import { judgeCertificate } from './judge-certificate.ts'
import type { TlsWish } from '../options.ts'

/** Asks for TLS on a control connection that has heard the greeting (RFC 4217 §4). Says whether it has it now. */
export async function askForTls(
  house: ClientHouse,
  control: Control,
  signal?: AbortSignal,
): Promise<boolean> {
  const wish = wishOf(house)
  if (wish === 'off' || wish === 'implicit') return wish === 'implicit'
  const reply = await control.ask('AUTH TLS')
  if (reply.code === 234 || reply.code === 334) {
    await control.become((conn) => encrypt(house, conn, signal))
    return true
  }
  if (wish === 'require') {
    throw new TrustError('the server offers no encryption', {
      facts: {
        ...saidBy(reply),
        phase: 'secure',
        retryable: false,
        connectionUsable: false,
        hint: 'ftps:// is for servers that want TLS first; --tls off sends passwords and files in clear.',
      },
    })
  }
  // Who stands between us and a server could leave its offer out: a server that had a certificate keeps having one.
  const { known } = house.options.trust ?? {}
  if ((await known?.find(house.host, house.port)) !== undefined) {
    throw new TrustError('the server offers no encryption any more, and had a certificate before', {
      facts: {
        ...saidBy(reply),
        phase: 'secure',
        retryable: false,
        connectionUsable: false,
        hint: `Whoever stands between could have taken it away. --tls off goes in clear; the certificate is kept in ${known?.name}.`,
      },
    })
  }
  house.said('note', 'the server offers no TLS: passwords and files travel in clear')
  return false
}

/** Whether the reply to PROT P says that data connections are encrypted too (RFC 4217 §9); where they must be, they are. */
export function isProtected(house: ClientHouse, reply: Reply): boolean {
  if (reply.code < 300) return true
  if (wishOf(house) !== 'prefer') {
    throw new TrustError('the server encrypts commands, but no files', {
      facts: { ...saidBy(reply), phase: 'secure', connectionUsable: true },
    })
  }
  house.said('note', 'the server encrypts commands, but no files')
  return false
}

/** Puts TLS around the control connection, and judges who is there. */
export async function encrypt(house: ClientHouse, conn: Conn, signal?: AbortSignal): Promise<SecureConn> {
  const secured = await house.network.secure(conn, howOf(house, signal)).catch((thrown: unknown) => {
    throw wishOf(house) === 'implicit' ? hinted(thrown) : thrown
  })
  const { peer, version, cipher } = secured.tls
  house.said('note', `encrypted with ${version}, ${cipher}`)
  try {
    await judgeCertificate(house, peer)
  } catch (thrown) {
    secured.destroy()
    throw thrown
  }
  return secured
}

/** The usual trouble with TLS from the first byte on is a server that wants to be asked. */
function hinted(thrown: unknown): unknown {
  if (!(thrown instanceof NetworkError) || thrown.fault === 'aborted') return thrown
  if (thrown.facts.hint !== undefined) return thrown
  return new NetworkError(thrown.fault, thrown.message, {
    cause: thrown,
    facts: {
      ...thrown.facts,
      phase: 'secure',
      hint: 'ftps:// is TLS from the first byte on, mostly on port 990. Where TLS is asked for in FTP, it is ftpes://.',
    },
  })
}

/** Puts TLS around a data connection: of the same session as the control connection, or at least of the same certificate. */
export async function encryptData(
  house: ClientHouse,
  control: Conn,
  conn: Conn,
  signal?: AbortSignal,
): Promise<Conn> {
  const session = 'session' in control ? (control as SecureConn).session : undefined
  const secured = await house.network.secure(conn, {
    ...howOf(house, signal),
    ...(session === undefined ? {} : { session }),
  })
  const { resumed, peer } = secured.tls
  if (resumed || peer?.fingerprint === house.certificate) return secured
  secured.destroy()
  throw new TrustError('at the other end of the data connection is somebody else', {
    facts: { phase: 'data', retryable: false, connectionUsable: false },
  })
}

export function wishOf({ options }: ClientHouse): TlsWish {
  return options.tls ?? 'off'
}

function howOf({ host, silenceMs, options }: ClientHouse, signal: AbortSignal | undefined) {
  const { authorities, revoked, certificate, pins: _pins, known: _known, ...limits } = options.trust ?? {}
  return {
    side: 'client',
    host,
    protocols: [],
    timeoutMs: silenceMs,
    limits,
    ...(authorities === undefined ? {} : { authorities }),
    ...(revoked === undefined ? {} : { revoked }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(signal === undefined ? {} : { signal }),
  } as const
}
