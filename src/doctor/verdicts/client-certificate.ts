import type { Step } from '../step.ts'
import type { Findings } from '../findings.ts'
import type { Fix, Verdict } from '../verdict.ts'
import type { Rule } from './rule.ts'

/** Where the server wants us to prove who we are before we have said a word. */
export const clientCertificateRules: readonly Rule[] = [demanded, perhapsDemanded, askedForAtLogin]

/** In TLS 1.3 the server says it (RFC 8446 §4.4.2.4), behind a handshake that has gone well for us. */
function demanded(found: Findings): Verdict | undefined {
  const step = wantsOne(found)
  if (step === undefined) return undefined
  return {
    ...common(found),
    sentence: 'The server lets in only who shows a certificate that it knows.',
    evidence: [step.text ?? ''],
  }
}

/** The step at which the server broke off because it saw no certificate of ours. */
export function wantsOne({ tls }: Findings): Step | undefined {
  const steps = [tls?.handshake, tls?.greeting, tls?.features]
  return steps.find((step) => step?.wantsCertificate === true)
}

/** In TLS 1.2 it breaks off and does not say why; that it asks for one is seen. */
function perhapsDemanded(found: Findings): Verdict | undefined {
  if (!asksAndBreaks(found)) return undefined
  return {
    ...common(found),
    sentence: 'The server asks for a certificate of ours and breaks TLS off: it lets in only who shows one.',
    evidence: [found.tls?.handshake?.text ?? ''],
  }
}

/** Whether TLS fails in a version in which the server asks for a certificate. */
export function asksAndBreaks({ tls }: Findings): boolean {
  const failed = tls?.handshake?.outcome === 'cut'
  return failed && tls?.old?.some(({ asksCertificate }) => asksCertificate === true) === true
}

function askedForAtLogin(found: Findings): Verdict | undefined {
  const { login } = found
  if (!refusedForCertificate(login)) return undefined
  return {
    ...common(found),
    sentence: 'The server lets in only who shows a certificate that it knows.',
    evidence: [login?.reply ?? ''],
    broken: 'login',
  }
}

/** Whether a login was refused, and the reply speaks of a certificate. */
export function refusedForCertificate(login: Step | undefined): boolean {
  return login?.outcome === 'rejected' && /\bcertificates?\b/iu.test(login.reply ?? '')
}

function common({ security }: Findings) {
  const insists = security !== undefined && security !== 'clear'
  return {
    id: 'client-certificate-needed',
    weight: insists ? 'trouble' : 'note',
    fixes,
    broken: insists ? 'tls' : 'none',
  } as const
}

const fixes: readonly Fix[] = [
  { side: 'client', program: 'Ferry', line: '--cert FILE and --key FILE' },
  { side: 'client', program: 'curl', line: '--cert FILE --key FILE' },
  { side: 'client', program: 'lftp', line: 'set ssl:cert-file FILE; set ssl:key-file FILE' },
  { side: 'client', program: 'WinSCP', line: 'Advanced > TLS/SSL > Client certificate file' },
  { side: 'server', program: 'Ferry', line: '--client-cert taken, to let passwords do as well' },
  { side: 'server', program: 'vsftpd', line: 'require_cert=NO in vsftpd.conf' },
  { side: 'server', program: 'ProFTPD', line: 'TLSVerifyClient optional' },
]
