import { checkServerIdentity, getCACertificates, type DetailedPeerCertificate } from 'node:tls'

/** Faults behind which OpenSSL hides that nobody vouches for the certificate: it keeps the last of several. */
const hiding = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'UNABLE_TO_GET_CRL',
  'CRL_HAS_EXPIRED',
  'CRL_NOT_YET_VALID',
  'EE_KEY_TOO_SMALL',
  'CA_KEY_TOO_SMALL',
  'CA_MD_TOO_WEAK',
])

/** What else is the matter with a server's certificate whose first fault is known: the name, and who vouches for it. */
export function hiddenFaults(
  fault: string,
  shown: DetailedPeerCertificate,
  host: string,
  authorities = '',
): readonly string[] {
  const chain = hiding.has(fault) ? chainFault(shown, authorities) : undefined
  const name = checkServerIdentity(host, shown) === undefined ? undefined : 'ERR_TLS_CERT_ALTNAME_INVALID'
  return [chain, name].filter((other) => other !== undefined && other !== fault) as string[]
}

/** Node adds who is known from the system or from `--ca` to the certificates that were shown, so that the last one decides. */
function chainFault(leaf: DetailedPeerCertificate, authorities: string): string | undefined {
  const last = chainOf(leaf).at(-1) ?? leaf
  if (!isCertificate(last.issuerCertificate)) return 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'
  const der = last.raw.toString('base64')
  if ([...getCACertificates(), authorities].some((text) => bodies(text).includes(der))) return undefined
  return last === leaf ? 'DEPTH_ZERO_SELF_SIGNED_CERT' : 'SELF_SIGNED_CERT_IN_CHAIN'
}

/** A certificate and those above it. */
export function chainOf(leaf: DetailedPeerCertificate): readonly DetailedPeerCertificate[] {
  const above = leaf.issuerCertificate
  // A certificate that vouches for itself is its own issuer.
  return isCertificate(above) && above.fingerprint256 !== leaf.fingerprint256
    ? [leaf, ...chainOf(above)]
    : [leaf]
}

/** Above the last one Node has an empty object, or nothing. */
function isCertificate(issuer: DetailedPeerCertificate | undefined): issuer is DetailedPeerCertificate {
  return issuer !== undefined && 'fingerprint256' in issuer
}

function bodies(pem: string): readonly string[] {
  const found = pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/gu)
  return [...found].map(([, body = '']) => body.replaceAll(/\s/gu, ''))
}
