import { pinOf } from '../../core/certificate.ts'
import type { ShownCertificate } from '../secured.ts'
import type { Findings } from '../findings.ts'
import type { Verdict } from '../verdict.ts'
import { offerTls } from './fixes.ts'
import type { Rule } from './rule.ts'

/** Why nobody of ours may go on, whatever the person says: our client stops here too, under each scheme. */
export const trustRules: readonly Rule[] = [changed, notPinned, revoked, tlsGone]

function changed({ host, port, tls }: Findings): Verdict | undefined {
  const shown = tls?.handshake?.certificate
  if (shown?.standing !== 'changed' || tls?.before === undefined) return undefined
  const { fingerprint, keptIn } = tls.before
  return {
    id: 'certificate-changed',
    weight: 'trouble',
    sentence:
      'The certificate is another one than was accepted before, and no authority vouches for it: it was renewed, or somebody stands between.',
    evidence: [`now SHA-256 ${shown.fingerprint}`, `before SHA-256 ${fingerprint}, kept in ${keptIn}`],
    fixes: [
      {
        side: 'client',
        program: 'Ferry',
        line: `if the owner says that the new one is right: take the line of ${host}:${port} out of ${keptIn}, or --pin ${pinOf(shown.fingerprint)}`,
      },
      {
        side: 'server',
        program: 'you',
        line: 'a certificate of an authority, which can be renewed and nobody notices',
      },
    ],
    broken: 'tls',
  }
}

function notPinned({ tls }: Findings): Verdict | undefined {
  const shown = tls?.handshake?.certificate
  if (shown?.standing !== 'not-pinned') return undefined
  return {
    id: 'certificate-not-pinned',
    weight: 'trouble',
    sentence: 'The certificate is not the one that is pinned.',
    evidence: [whose(shown), `SHA-256 ${shown.fingerprint}`],
    fixes: [
      {
        side: 'client',
        program: 'Ferry',
        line: `if the owner says that this one is right: --pin ${pinOf(shown.fingerprint)}`,
      },
    ],
    broken: 'tls',
  }
}

function revoked({ tls }: Findings): Verdict | undefined {
  const shown = tls?.handshake?.certificate
  if (shown?.standing !== 'revoked') return undefined
  return {
    id: 'certificate-revoked',
    weight: 'trouble',
    sentence:
      'The certificate has been revoked by who issued it: its key may be in wrong hands, and nobody is to trust it.',
    evidence: [whose(shown), `SHA-256 ${shown.fingerprint}`],
    fixes: [{ side: 'server', program: 'you', line: 'a new certificate with a new key' }],
    broken: 'tls',
  }
}

function whose({ subject, issuer, validTo }: ShownCertificate): string {
  return `${subject}, by ${issuer}, good until ${validTo}`
}

/** Who stands between can leave the offer of TLS out; a server that had a certificate mostly keeps having one. */
function tlsGone({ host, port, tls }: Findings): Verdict | undefined {
  if (tls?.before === undefined || tls.auth === undefined || tls.auth.outcome === 'works') return undefined
  const { keptIn } = tls.before
  return {
    id: 'tls-gone',
    weight: 'trouble',
    sentence:
      'The server had a certificate that was accepted, and offers no TLS any more: it was switched off, or somebody stands between.',
    evidence: [`AUTH TLS: ${tls.auth.reply ?? tls.auth.outcome}`, `its certificate is kept in ${keptIn}`],
    fixes: [
      ...offerTls(),
      {
        side: 'client',
        program: 'Ferry',
        line: `if the owner says that it has no TLS now: take the line of ${host}:${port} out of ${keptIn}`,
      },
    ],
    broken: 'tls',
  }
}
