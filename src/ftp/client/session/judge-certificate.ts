import { certificateTrouble, isPinned, lacksAuthority, pinOf } from '../../../core/certificate.ts'
import { TrustError } from '../../../core/error.ts'
import type { PeerCertificate } from '../../../core/tls.ts'
import type { ClientHouse } from '../house.ts'

/**
 * Judges who is at the other end: pins decide alone; then the certificate that was kept for this server, which nothing but one
 * of a known authority may follow; then the authorities; then the person.
 */
export async function judgeCertificate(house: ClientHouse, peer: PeerCertificate | undefined): Promise<void> {
  if (house.certificate !== undefined && house.certificate === peer?.fingerprint) return
  house.certificate = undefined
  if (peer === undefined) {
    if (house.options.tls !== 'prefer' || house.options.trust?.pins !== undefined)
      throw refusal(house, 'it shows no certificate')
    house.said('note', 'the server shows no certificate; --tls require insists on one')
    return
  }
  await accept(house, peer)
  house.certificate = peer.fingerprint
}

async function accept(house: ClientHouse, peer: PeerCertificate): Promise<void> {
  const { host, port, ask, options } = house
  const { pins, known } = options.trust ?? {}
  if (pins !== undefined) {
    if (isPinned(peer, pins)) return
    throw refusal(
      house,
      'its certificate is not the one that is pinned',
      peer,
      `It is ${pinOf(peer.fingerprint)}: find out from the server's owner whether that is right.`,
    )
  }
  const trouble = certificateTrouble(peer, host, house.clock.now())
  if (peer.fault === 'CERT_REVOKED') {
    // Who issued it says that it is not to be trusted any more: no earlier word, and nobody who is asked, knows better.
    const hint = 'Its key may be in wrong hands: whoever runs the server must get a new certificate.'
    throw refusal(house, trouble ?? 'its certificate has been revoked', peer, hint)
  }
  const before = await known?.find(host, port)
  if (before === peer.fingerprint) {
    if (trouble !== undefined) house.said('note', `${trouble}; it was accepted before`)
    return
  }
  if (trouble === undefined) return
  if (before !== undefined) {
    throw refusal(
      house,
      'its certificate has changed since it was accepted, and no authority vouches for the new one',
      peer,
      `Somebody may stand between. If the new one is right, --pin ${pinOf(peer.fingerprint)} accepts it once; for good, take the line of ${host}:${port} out of ${known?.name}.`,
    )
  }
  if (options.tls === 'prefer') {
    house.said('note', `${trouble}; --tls require insists on one to trust`)
    return
  }
  const answer = await ask.trust({
    kind: 'certificate',
    host,
    port,
    algorithm: 'TLS',
    fingerprint: peer.fingerprint,
    trouble: `${host}: ${trouble}`,
  })
  if (answer === 'no') {
    const authority = lacksAuthority(peer, house.clock.now()) ? ', or its authority with --ca FILE' : ''
    const how = `If it is right, accept it with --pin ${pinOf(peer.fingerprint)}${authority}`
    throw refusal(house, trouble, peer, `${how}; on a terminal ferry asks, and remembers.`)
  }
  if (answer === 'always') await known?.keep(host, port, peer.fingerprint)
}

function refusal({ host }: ClientHouse, trouble: string, peer?: PeerCertificate, hint?: string): TrustError {
  const shown = peer === undefined ? '' : ` (SHA-256 ${peer.fingerprint})`
  return new TrustError(`${host}: ${trouble}${shown}`, {
    facts: {
      phase: 'secure',
      retryable: false,
      connectionUsable: false,
      ...(hint === undefined ? {} : { hint }),
    },
  })
}
