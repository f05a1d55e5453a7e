import { TrustError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import type { PeerCertificate, SecureConn } from '../../core/tls.ts'
import { textOf } from './faults.ts'
import type { Control } from './control.ts'
import type { ClientHouse } from './house.ts'

/**
 * `implicit`: TLS from the first byte. `require`: AUTH TLS, or nothing. `prefer`: where the server offers it, and whoever it
 * is, as in clear nobody would be known either. `off`: in clear.
 */
export type TlsWish = 'implicit' | 'require' | 'prefer' | 'off'

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
    control.become(await encrypt(house, control.conn, signal))
    return true
  }
  if (wish === 'require') {
    throw new TrustError('the server offers no encryption', {
      facts: {
        code: reply.code,
        reply: textOf(reply),
        phase: 'secure',
        retryable: false,
        connectionUsable: false,
        hint: 'ftps:// is for servers that want TLS first; --tls off sends passwords and files in clear.',
      },
    })
  }
  house.said('note', 'the server offers no TLS: passwords and files travel in clear')
  return false
}

/** Asks for encrypted data connections too (RFC 4217 §9). Says whether they are. */
export async function protectData(house: ClientHouse, control: Control): Promise<boolean> {
  await control.ask('PBSZ 0')
  const reply = await control.ask('PROT P')
  if (reply.code < 300) return true
  if (wishOf(house) !== 'prefer') {
    throw new TrustError('the server encrypts commands, but no files', {
      facts: { code: reply.code, reply: textOf(reply), phase: 'secure', connectionUsable: true },
    })
  }
  house.said('note', 'the server encrypts commands, but no files')
  return false
}

/** Puts TLS around the control connection, and judges who is there. */
export async function encrypt(house: ClientHouse, conn: Conn, signal?: AbortSignal): Promise<SecureConn> {
  const secured = await house.network.secure(conn, howOf(house, signal))
  const { peer, version, cipher } = secured.tls
  house.said('note', `encrypted with ${version}, ${cipher}`)
  try {
    await judge(house, peer)
  } catch (thrown) {
    secured.destroy()
    throw thrown
  }
  return secured
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

/** What OpenSSL calls it, in words. */
const faultWords: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it vouches for itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'who signed it vouches for itself',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'nobody that this machine knows has signed it',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'nobody that this machine knows has signed it',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
}

function howOf({ host, silenceMs }: ClientHouse, signal: AbortSignal | undefined) {
  return {
    side: 'client',
    host,
    protocols: [],
    timeoutMs: silenceMs,
    ...(signal === undefined ? {} : { signal }),
  } as const
}

async function judge(house: ClientHouse, peer: PeerCertificate | undefined): Promise<void> {
  const known = house.certificate !== undefined && house.certificate === peer?.fingerprint
  house.certificate = peer?.fingerprint
  if (known || (peer !== undefined && peer.fault === undefined)) return
  const trouble =
    peer === undefined
      ? 'the server shows no certificate'
      : `its certificate is not one to trust: ${faultWords[peer.fault ?? ''] ?? peer.fault}`
  if (wishOf(house) === 'prefer') {
    house.said('note', `${trouble}; --tls require insists on one`)
    return
  }
  const { host, port, ask } = house
  const asked = {
    kind: 'certificate',
    host,
    port,
    algorithm: 'TLS',
    fingerprint: peer?.fingerprint ?? '',
    trouble,
  } as const
  if (peer !== undefined && (await ask.trust(asked)) !== 'no') return
  house.certificate = undefined
  throw new TrustError(`${host}: ${trouble}${peer === undefined ? '' : ` (SHA-256 ${peer.fingerprint})`}`, {
    facts: {
      phase: 'secure',
      retryable: false,
      connectionUsable: false,
      hint: 'If the fingerprint is right, say so when you are asked, or have the system trust who signed it.',
    },
  })
}
