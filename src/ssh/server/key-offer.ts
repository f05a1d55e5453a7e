import type { Proof } from '../../core/account.ts'
import { isInNetwork, isNetwork } from '../../core/cidr.ts'
import { ProtocolError } from '../../core/error.ts'
import {
  certificateTrouble,
  isCertificateName,
  parseCertificate,
  plainAlgorithm,
  type Certificate,
} from '../certificate.ts'
import { blobOf, fingerprintOf, parsePublicKey, signsWith, type PublicKey } from '../public-key.ts'
import { decodeText } from '../../core/text.ts'
import { Reader } from '../wire/reader.ts'
import type { SshSettings } from './settings.ts'

/** A key that somebody wants to log in with, as far as it can be judged without the accounts. */
export interface KeyOffer {
  readonly key: PublicKey
  /** What the signature is made by. */
  readonly algorithm: string
  /** What the accounts are asked about: the key, or the authority behind its certificate. */
  readonly proof: Extract<Proof, { kind: 'key' }>
}

export interface KeyOffered {
  readonly user: string
  readonly address: string
  readonly algorithm: string
  readonly blob: Uint8Array
  readonly nowMs: number
  /** The old algorithms that are on for this user. */
  readonly legacy: readonly string[]
}

/** Looks at a key, or a certificate. A string says why it is not taken. */
export function judgeKey(offered: KeyOffered, settings: SshSettings): KeyOffer | string {
  try {
    return isCertificateName(offered.algorithm) ? ofCertificate(offered, settings) : ofKey(offered, settings)
  } catch (thrown) {
    if (thrown instanceof ProtocolError) return thrown.message
    throw thrown
  }
}

function ofKey({ algorithm, blob, legacy }: KeyOffered, { revoked }: SshSettings): KeyOffer | string {
  const key = parsePublicKey(blob)
  const isOld = algorithm === 'ssh-rsa' && key.kind === 'ssh-rsa' && legacy.includes('ssh-rsa')
  if (!isOld && !signsWith(key, algorithm))
    return `a key of the kind ${key.kind} does not sign by ${algorithm}`
  if (revoked.includes(fingerprintOf(blob))) return 'the key is revoked'
  return { key, algorithm, proof: { kind: 'key', algorithm, key: blob, signed: false } }
}

/**
 * A certificate counts as its authority's word, so it is the authority that the account must know. That alone would make
 * every user's own key an authority: only those that the settings name are any.
 */
function ofCertificate(offered: KeyOffered, { authorities, revoked }: SshSettings): KeyOffer | string {
  const { algorithm, blob, user, nowMs } = offered
  const certificate = parseCertificate(blob)
  const authority = certificate.authority.blob
  if (!authorities.some((known) => Buffer.compare(known, authority) === 0))
    return 'the authority is not known'
  if (!signsWith(certificate.key, plainAlgorithm(algorithm)))
    return 'the certificate is for another kind of key'
  const plain = blobOf(certificate.key.key, certificate.key)
  if ([authority, plain].some((blob) => revoked.includes(fingerprintOf(blob)))) return 'the key is revoked'
  const trouble = certificateTrouble(certificate, 'user', user, nowMs) ?? optionTrouble(certificate, offered)
  if (trouble !== undefined) return trouble
  return {
    key: certificate.key,
    algorithm: plainAlgorithm(algorithm),
    proof: { kind: 'key', algorithm, key: authority, signed: false },
  }
}

/** What a certificate demands must be understood (PROTOCOL.certkeys, "critical options"). */
function optionTrouble({ critical }: Certificate, { address }: KeyOffered): string | undefined {
  for (const [name, value] of critical) {
    const text = value.length === 0 ? '' : decodeText(new Reader(value).string())
    if (name === 'force-command' && text === 'internal-sftp') continue
    if (name !== 'source-address') return `the certificate demands ${name}, which is not known here`
    const networks = text.split(',').filter((network) => isNetwork(network))
    if (!networks.some((network) => isInNetwork(address, network)))
      return 'the certificate is not for this address'
  }
  return undefined
}
