import { isPinned } from '../../core/certificate.ts'
import type { PeerCertificate } from '../../core/tls.ts'
import type { Standing } from '../secured.ts'
import type { Examination } from './examination.ts'

/** How a certificate stands with who runs the doctor, in the order in which our client judges it. */
export async function standingOf(
  { trust = {}, host, port }: Examination,
  peer: PeerCertificate,
): Promise<Standing> {
  const { pins, known } = trust
  if (pins !== undefined) return isPinned(peer, pins) ? 'pinned' : 'not-pinned'
  if (peer.fault === 'CERT_REVOKED') return 'revoked'
  const before = await known?.find(host, port)
  if (before === peer.fingerprint) return 'known'
  if (peer.fault === undefined) return 'vouched'
  return before === undefined ? 'unknown' : 'changed'
}

/** Whether the password may be said to who shows it; nobody's word helps who shows another one than before. */
export function mayLogIn({ security, anyCertificate }: Examination, standing: Standing): boolean {
  switch (standing) {
    case 'vouched':
    case 'pinned':
    case 'known':
      return true
    case 'unknown':
      return security === 'clear' || anyCertificate
    case 'not-pinned':
    case 'changed':
    case 'revoked':
      return false
  }
}
