import type { Certificate, PeerCertificate, TlsLimits } from './tls.ts'

/** The certificates that were taken for servers' before. */
export interface KnownCertificates {
  /** What they are kept in, for messages. */
  readonly name: string
  /** The fingerprint that was kept for a server; undefined: none. */
  find(host: string, port: number): Promise<string | undefined>
  keep(host: string, port: number, fingerprint: string): Promise<void>
}

/** Whom a client trusts, and who it says it is. */
export interface TlsTrust extends TlsLimits {
  /** Nobody but these: `sha256:` and the certificate's fingerprint, or `sha256//` and the public key's in base64 as curl has it. */
  readonly pins?: readonly string[]
  /** Who is trusted besides those that the system trusts, as PEM. */
  readonly authorities?: string
  /** What the authorities have revoked, as PEM. */
  readonly revoked?: string
  /** Our own certificate, for servers that ask. */
  readonly certificate?: Certificate
  readonly known?: KnownCertificates
}

/** A fingerprint as `--pin` takes it. */
export function pinOf(fingerprint: string): string {
  return `sha256:${fingerprint.replaceAll(':', '').toLowerCase()}`
}

/** Whether a word is a pin at all. */
export function isPin(word: string): boolean {
  return /^sha256:(?:[0-9a-f]{64}|(?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/iu.test(word) || isKeyPin(word)
}

/** Whether a certificate is one of those that are pinned. */
export function isPinned(peer: PeerCertificate, pins: readonly string[]): boolean {
  return pins.some((pin) =>
    isKeyPin(pin)
      ? pin.slice('sha256//'.length) === peer.keyDigest
      : pinOf(pin.replace(/^sha256:/iu, '')) === pinOf(peer.fingerprint),
  )
}

function isKeyPin(word: string): boolean {
  return /^sha256\/\/[A-Za-z0-9+/]{43}=$/u.test(word)
}

/** All that is wrong with a certificate, as OpenSSL or Node name it; whom the first fault spares is spared by all. */
export function certificateFaults(peer: PeerCertificate, now: number): readonly string[] {
  const { fault, otherFaults, validFrom, validTo } = peer
  if (fault === undefined) return []
  const ended = validTo.getTime() < now ? ['CERT_HAS_EXPIRED'] : []
  const early = validFrom.getTime() > now ? ['CERT_NOT_YET_VALID'] : []
  return [...new Set([fault, ...otherFaults, ...ended, ...early])]
}

/** What is wrong with a certificate that OpenSSL or Node did not like, in words; undefined: nothing is. */
export function certificateTrouble(peer: PeerCertificate, host: string, now: number): string | undefined {
  const [first, ...others] = certificateFaults(peer, now).map((fault) => inWords(fault, peer, host, now))
  if (first === undefined) return undefined
  return [first, ...others.map((words) => words.replace(/^its certificate /u, 'it '))].join('; ')
}

/** Whether nothing is wrong but that nobody known vouches for it: then naming its authority helps. */
export function lacksAuthority(peer: PeerCertificate, now: number): boolean {
  const faults = certificateFaults(peer, now)
  return faults.length > 0 && faults.every((fault) => unknownAuthority.has(fault))
}

const unknownAuthority: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
])

function inWords(fault: string, peer: PeerCertificate, host: string, now: number): string {
  const { issuer, names, subject, validFrom, validTo } = peer
  switch (fault) {
    case 'CERT_HAS_EXPIRED':
      return validTo.getTime() < now
        ? `its certificate expired on ${day(validTo)}`
        : `one of the certificates that vouch for it has expired (${issuer} or above)`
    case 'CERT_NOT_YET_VALID':
      return `its certificate is not valid before ${day(validFrom)}`
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return `its certificate is for another name than ${host}: ${names === '' ? subject : names}`
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return `its certificate is self-signed, and nobody else vouches for it`
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return `its certificate comes from an authority that this machine does not know (${issuer})`
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_UNTRUSTED':
      return `this machine does not know who issued its certificate (${issuer})`
    case 'CERT_REVOKED':
      return 'its certificate has been revoked by who issued it'
    case 'UNABLE_TO_GET_CRL':
    case 'CRL_HAS_EXPIRED':
      return `whether its certificate has been revoked is not known: the list of ${issuer} is missing or old`
    case 'CERT_SIGNATURE_FAILURE':
      return 'the signature under its certificate is wrong'
    case 'CA_MD_TOO_WEAK':
    case 'EE_KEY_TOO_SMALL':
    case 'CA_KEY_TOO_SMALL':
      return 'its certificate is too weak: a short key, or a signature over an old hash'
    case 'INVALID_PURPOSE':
    case 'INVALID_CA':
      return 'its certificate is not meant for servers, or was signed by who may not sign'
    default:
      return `its certificate is not one to trust (${fault})`
  }
}

function day(date: Date): string {
  return Number.isNaN(date.getTime()) ? 'a day that is none' : date.toISOString().slice(0, 10)
}
