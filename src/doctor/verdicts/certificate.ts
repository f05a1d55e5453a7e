import { pinOf } from '../../core/certificate.ts'
import type { ShownCertificate } from '../secured.ts'
import type { Findings } from '../findings.ts'
import type { Fix, Verdict } from '../verdict.ts'
import { mattersOf, renew } from './certificate-matters.ts'
import type { Rule } from './rule.ts'

/** What is the matter with the certificate. */
export const certificateRules: readonly Rule[] = [notTrusted, endsSoon]

function notTrusted(found: Findings): readonly Verdict[] {
  const shown = found.tls?.handshake?.certificate
  if (shown === undefined || shown.standing === 'revoked') return []
  const stopped = found.tls?.login?.outcome === 'not-tried' && shown.standing === 'unknown'
  return mattersOf(shown).map(({ id, sentence, fixes, mayBePinned }, at) => ({
    id,
    weight: stopped ? 'trouble' : 'note',
    sentence: sentence(found.host, shown),
    evidence: [
      `${shown.subject}, by ${shown.issuer}, good until ${shown.validTo}`,
      `SHA-256 ${shown.fingerprint}`,
      ...taken(found, shown),
    ],
    fixes: [
      ...fixes,
      ...(shown.standing === 'unknown' && mayBePinned === true ? pin(shown) : []),
      ...(stopped && at === 0 ? [further] : []),
    ],
    broken: stopped ? 'tls' : 'none',
  }))
}

const further: Fix = {
  side: 'client',
  program: 'Ferry',
  line: 'ferry doctor --trust-once … looks further all the same',
}

function pin({ fingerprint, keyDigest }: ShownCertificate): readonly Fix[] {
  return [
    {
      side: 'client',
      program: 'Ferry',
      line: `compare the fingerprint with the owner, then say yes when asked, or --pin ${pinOf(fingerprint)}`,
    },
    {
      side: 'client',
      program: 'FileZilla',
      line: 'compare the fingerprint with the owner, then Always trust',
    },
    { side: 'client', program: 'WinSCP', line: 'compare the fingerprint, then -certificate="…" in scripts' },
    { side: 'client', program: 'lftp', line: 'set ssl:ca-file FILE' },
    {
      side: 'client',
      program: 'curl',
      line: `--cacert FILE, or --insecure --pinnedpubkey sha256//${keyDigest}, which is checked all the same`,
    },
  ]
}

function taken({ tls }: Findings, { standing }: ShownCertificate): readonly string[] {
  if (standing === 'pinned') return ['it is pinned, so Ferry takes it all the same']
  if (standing === 'known')
    return [`it was accepted before (${tls?.before?.keptIn ?? ''}), so Ferry takes it`]
  return []
}

/** Two weeks are what a renewal that went wrong leaves to mend it. */
const soonDays = 14

function endsSoon({ tls }: Findings): Verdict | undefined {
  const shown = tls?.handshake?.certificate
  if (shown === undefined || shown.daysLeft < 0 || shown.daysLeft >= soonDays) return undefined
  return {
    id: 'certificate-ends-soon',
    weight: 'note',
    sentence: `The certificate of the server ends in ${shown.daysLeft} days, on ${shown.validTo}.`,
    evidence: [shown.subject],
    fixes: renew,
    broken: 'none',
  }
}
