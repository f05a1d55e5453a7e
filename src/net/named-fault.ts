import { X509Certificate } from 'node:crypto'
import type { DetailedPeerCertificate } from 'node:tls'
import { chainOf } from './hidden-faults.ts'

/** Below that OpenSSL's security level 2 takes no key of RSA. */
const leastBits = 2048

/** The name of a fault. Node has none for what is too weak for OpenSSL, so the chain is looked at. */
export function namedFault(fault: string | undefined, leaf: DetailedPeerCertificate): string | undefined {
  if (fault !== 'UNSPECIFIED') return fault
  const chain = chainOf(leaf)
  if (isShort(leaf)) return 'EE_KEY_TOO_SMALL'
  if (chain.some(isShort)) return 'CA_KEY_TOO_SMALL'
  // Nobody looks at the signature of a certificate that vouches for itself.
  return chain.some((one) => !isOwnIssuer(one) && isOldHash(one)) ? 'CA_MD_TOO_WEAK' : fault
}

function isOwnIssuer({ issuerCertificate, fingerprint256 }: DetailedPeerCertificate): boolean {
  return issuerCertificate?.fingerprint256 === fingerprint256
}

function isShort({ modulus, bits }: DetailedPeerCertificate): boolean {
  return modulus !== undefined && bits !== undefined && bits < leastBits
}

/** Node tells the algorithm from 24.9 on. */
function isOldHash({ raw }: DetailedPeerCertificate): boolean {
  const { signatureAlgorithm } = new X509Certificate(raw) as { readonly signatureAlgorithm?: string }
  return signatureAlgorithm !== undefined && /md5|sha1(?!\d)/iu.test(signatureAlgorithm)
}
