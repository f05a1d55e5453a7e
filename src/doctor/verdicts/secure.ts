import type { PassiveStep } from '../step.ts'
import type { Findings } from '../findings.ts'
import type { Verdict } from '../verdict.ts'
import { asksAndBreaks, wantsOne } from './client-certificate.ts'
import { dropOldTls, dropReuse, letFullPackets, offerTls, openPassivePorts, useTls } from './fixes.ts'
import { listingStalls } from './listing-stalls.ts'
import type { Rule } from './rule.ts'

/** What is the matter with TLS. */
export const secureRules: readonly Rule[] = [
  comesLater,
  authRefused,
  handshakeFails,
  breaksBehindIt,
  protRefused,
  filesFail,
  reuseRequired,
  ticketUsedUp,
  endNotSaid,
  oldVersions,
  loginInClear,
]

/** Whether the person wanted nothing but TLS. */
function insists({ security }: Findings): boolean {
  return security !== undefined && security !== 'clear'
}

function weightOf(found: Findings): 'trouble' | 'note' {
  return insists(found) ? 'trouble' : 'note'
}

function comesLater({ security, greeting, tls, host, port }: Findings): Verdict | undefined {
  if (security !== 'implicit' || tls?.handshake?.outcome === 'works' || greeting?.speaks !== 'ftp')
    return undefined
  return {
    id: 'tls-comes-later',
    weight: 'trouble',
    sentence: `Port ${port} of ${host} speaks FTP first, and TLS when asked by AUTH: it is no port for implicit TLS.`,
    evidence: [tls?.handshake?.text ?? ''],
    fixes: [
      { side: 'client', program: 'Ferry', line: `ftpes://${host}${port === 21 ? '' : `:${port}`}/` },
      { side: 'client', program: 'FileZilla', line: 'Encryption: Require explicit FTP over TLS' },
      { side: 'client', program: 'curl', line: 'ftp:// with --ssl-reqd instead of ftps://' },
      { side: 'client', program: 'lftp', line: 'ftp:// instead of ftps://' },
    ],
    broken: 'tls',
  }
}

function authRefused(found: Findings): Verdict | undefined {
  const { features, tls } = found
  const auth = tls?.auth
  if (auth === undefined || auth.outcome === 'works') return undefined
  const evidence = [`AUTH TLS: ${auth.reply ?? auth.outcome}`]
  const promised = features?.names.some((name) => /^AUTH\b/iu.test(name)) === true
  if (promised || auth.outcome === 'cut' || auth.outcome === 'silence') {
    return {
      id: 'tls-taken-away',
      weight: weightOf(found),
      sentence: promised
        ? 'The server lists AUTH TLS in FEAT and then refuses it: its TLS is not set up, its certificate cannot be read, or something between takes TLS away.'
        : 'The connection dies of AUTH TLS: something between looks into FTP and lets no TLS through.',
      evidence,
      fixes: [
        { side: 'server', program: 'Pure-FTPd', line: 'TLS 1: it lists AUTH TLS even where TLS is off' },
        {
          side: 'server',
          program: 'vsftpd',
          line: 'its log names the file of the certificate that cannot be read',
        },
        {
          side: 'router',
          program: 'you',
          line: 'switch off its FTP helper (ALG, inspection), or use another port than 21',
        },
        { side: 'client', program: 'Ferry', line: 'try ftps:// (port 990), which no helper can read' },
      ],
      broken: insists(found) ? 'tls' : 'none',
    }
  }
  return {
    id: 'tls-not-offered',
    weight: weightOf(found),
    sentence: 'The server has no TLS: passwords and files travel in clear.',
    evidence,
    fixes: offerTls(),
    broken: insists(found) ? 'tls' : 'none',
  }
}

function handshakeFails(found: Findings): Verdict | undefined {
  const { tls, security, greeting } = found
  const shake = tls?.handshake
  if (shake === undefined || shake.outcome === 'works') return undefined
  // What else stands there is told by its name.
  const other = greeting !== undefined && greeting.speaks !== 'nothing' && greeting.speaks !== 'tls'
  if (security === 'implicit' && other) return undefined
  if (asksAndBreaks(found) || wantsOne(found) !== undefined) return undefined
  const common = {
    weight: weightOf(found),
    evidence: [shake.text ?? shake.outcome],
    broken: insists(found) ? 'tls' : 'none',
  } as const
  if (shake.outcome === 'silence') {
    // What loses files loses the certificate too, and is told where files are.
    if (found.sample?.outcome === 'silence' || listingStalls(found)) return undefined
    if (tls?.old?.some(({ outcome }) => outcome !== 'silence') === true) return longMessagesLost(found)
    return {
      ...common,
      id: 'tls-hangs',
      sentence:
        'The server agrees to TLS and then nothing comes: something between inspects this port and is lost once it is encrypted.',
      fixes: [
        {
          side: 'router',
          program: 'you',
          line: 'switch off its FTP helper (ALG, inspection) for this server',
        },
        { side: 'server', program: 'Ferry', line: '--ftps 990 beside --ftp, or another port than 21' },
        { side: 'client', program: 'Ferry', line: 'ftps:// (port 990), which no helper can read' },
      ],
    }
  }
  const old = (tls?.old ?? []).filter(({ outcome }) => outcome === 'works').map(({ version }) => version)
  const agedOnly = old.length > 0 && !old.includes('TLS 1.2')
  return {
    ...common,
    id: agedOnly ? 'tls-too-old' : 'tls-handshake-fails',
    sentence: agedOnly
      ? `The server speaks ${old.join(' and ')} and nothing newer, which no client of today takes.`
      : 'TLS begins and is broken off: the two sides have no version or cipher in common, a key of the server is too weak, or its certificate cannot be used.',
    fixes: [
      ...dropOldTls(),
      {
        side: 'client',
        program: 'curl',
        line: 'at last resort --tlsv1.0 --ciphers DEFAULT@SECLEVEL=0 for this host alone',
      },
      { side: 'client', program: 'lftp', line: 'at last resort set ssl:priority NORMAL:+VERS-TLS1.0' },
    ],
  }
}

/** An alert comes and a certificate does not, or a short ClientHello is answered and a long one is not. */
function longMessagesLost(found: Findings): Verdict {
  const old = found.tls?.old ?? []
  return {
    id: 'tls-large-packets-lost',
    weight: weightOf(found),
    sentence:
      'The server agrees to TLS, short messages of it are answered, and long ones are lost: full packets are dropped on the way (an MTU black hole), or something inspects TLS and cannot read a message of two packets.',
    evidence: [
      `TLS: nothing after ${found.tls?.handshake?.ms ?? 0} ms`,
      ...old.map(({ version, outcome, ms }) => `${version} offered by itself: ${outcome} after ${ms} ms`),
    ],
    fixes: [
      ...letFullPackets(),
      { side: 'client', program: 'Ferry', line: '--tls-version 1.2, whose first message is short' },
    ],
    broken: insists(found) ? 'tls' : 'none',
  }
}

function breaksBehindIt(found: Findings): Verdict | undefined {
  const features = found.tls?.features
  if (features === undefined || features.wantsCertificate === true) return undefined
  if (features.outcome !== 'cut' && features.outcome !== 'silence') return undefined
  return {
    id: 'tls-breaks',
    weight: weightOf(found),
    sentence:
      features.outcome === 'cut'
        ? 'TLS is agreed upon, and at the first word under it the connection breaks.'
        : 'TLS is agreed upon, and under it nothing is answered.',
    evidence: [features.text ?? ''],
    fixes: [
      { side: 'server', program: 'you', line: 'its log tells why' },
      {
        side: 'router',
        program: 'you',
        line: 'switch off its FTP helper (ALG, inspection) for this server',
      },
    ],
    broken: insists(found) ? 'tls' : 'none',
  }
}

function protRefused(found: Findings): Verdict | undefined {
  const prot = found.tls?.prot
  if (prot === undefined || prot.outcome === 'works') return undefined
  return {
    id: 'tls-files-in-clear',
    weight: weightOf(found),
    sentence: 'The server encrypts commands and refuses to encrypt files.',
    evidence: [`PROT P: ${prot.reply ?? prot.outcome}`],
    fixes: [
      { side: 'server', program: 'ProFTPD', line: 'TLSRequired on, without !data' },
      { side: 'server', program: 'IIS', line: 'FTP SSL Policy > Custom: Data Channel Allow or Require' },
      { side: 'server', program: 'vsftpd', line: 'force_local_data_ssl=YES' },
    ],
    broken: 'none',
  }
}

/** Commands are encrypted and no listing comes: where it does in clear, somebody reads along. */
function filesFail(found: Findings): Verdict | undefined {
  const { tls, security } = found
  if (tls?.prot?.outcome !== 'works') return undefined
  const steps = [tls.epsv, tls.pasv].filter((step) => step !== undefined)
  if (steps.length === 0 || steps.some(({ listed }) => listed === true)) return undefined
  if (steps.some(demandsReuse)) return reuseFails(found, steps)
  const clearWorks = security === 'clear' && (found.epsv?.listed === true || found.pasv?.listed === true)
  if (!clearWorks) return undefined
  return {
    id: 'tls-data-blocked',
    weight: 'trouble',
    sentence:
      'Files travel in clear and not under TLS: a helper in a router opens the ports that it reads in FTP, and under TLS it reads nothing.',
    evidence: steps.map((step) => `under TLS: ${saidOf(step)}`),
    fixes: [
      ...openPassivePorts(),
      { side: 'server', program: 'Ferry', line: 'as a last resort --tls-ccc, for clients that ask for it' },
    ],
    broken: 'passive',
  }
}

/** 522 and 425 are what servers say who want the session of the control connection; some tell it in words alone. */
function demandsReuse({ listing }: PassiveStep): boolean {
  const reply = listing?.reply ?? ''
  return reply.startsWith('522') || /\b(?:reus|resum)/iu.test(reply)
}

function reuseFails(found: Findings, steps: readonly PassiveStep[]): Verdict {
  return {
    id: 'tls-reuse-impossible',
    weight: weightOf(found),
    sentence:
      'The server wants each data connection to resume the TLS session of the control connection, and resumes none itself.',
    evidence: steps.map(saidOf),
    fixes: dropReuse(),
    broken: insists(found) ? 'passive' : 'none',
  }
}

function reuseRequired({ tls }: Findings): Verdict | undefined {
  const afresh = tls?.withoutSession
  if (afresh === undefined || afresh.listed === true || afresh.listing === undefined) return undefined
  if (tls?.again?.listed !== true) return undefined
  return {
    id: 'tls-reuse-required',
    weight: 'note',
    sentence:
      'The server takes a data connection only when it resumes the TLS session of the control connection: Python, old Java, .NET and many printers cannot.',
    evidence: [`without a session: ${saidOf(afresh)}`],
    fixes: dropReuse(),
    broken: 'none',
  }
}

function ticketUsedUp(found: Findings): Verdict | undefined {
  const { tls } = found
  const first = tls?.epsv?.listed === true || tls?.pasv?.listed === true
  if (!first || tls?.again === undefined || tls.again.listed === true) return undefined
  return {
    id: 'tls-ticket-used-up',
    weight: weightOf(found),
    sentence:
      'Under TLS the first file comes and a later one does not: the server gives one ticket of TLS 1.3, and none when it is used.',
    evidence: [saidOf(tls.again)],
    fixes: [
      ...dropReuse(),
      { side: 'server', program: 'ProFTPD', line: 'TLSProtocol TLSv1.2, or a newer version' },
    ],
    broken: 'none',
  }
}

function endNotSaid({ tls }: Findings): Verdict | undefined {
  const steps = [tls?.epsv, tls?.pasv].filter((step) => step?.listed === true)
  if (!steps.some((step) => step?.listing?.tls?.ending === 'fin-only')) return undefined
  return {
    id: 'tls-end-not-said',
    weight: 'note',
    sentence:
      'The server ends encrypted files without saying so (no close_notify): a cut looks like an end, and FileZilla calls such transfers failed.',
    evidence: ['the data connection ended by a bare FIN'],
    fixes: [
      { side: 'server', program: 'you', line: 'a newer version of the server; it is a fault of its program' },
      { side: 'client', program: 'Ferry', line: 'nothing to do: it compares sizes' },
    ],
    broken: 'none',
  }
}

function oldVersions({ tls }: Findings): Verdict | undefined {
  const aged = (tls?.old ?? []).filter(({ version, outcome }) => outcome === 'works' && version !== 'TLS 1.2')
  if (aged.length === 0 || tls?.handshake?.outcome !== 'works') return undefined
  return {
    id: 'tls-old-versions',
    weight: 'note',
    sentence: `The server still takes ${aged.map(({ version }) => version).join(' and ')}, which are broken (RFC 8996).`,
    evidence: [`with Ferry it speaks ${tls.handshake.version ?? ''}`],
    fixes: dropOldTls(),
    broken: 'none',
  }
}

function loginInClear({ security, login, tls, anonymous }: Findings): Verdict | undefined {
  if (security !== 'clear' || login?.outcome !== 'works' || tls?.login?.outcome !== 'works') return undefined
  if (anonymous === true) return undefined
  return {
    id: 'login-in-clear',
    weight: 'note',
    sentence:
      'The server has TLS, and takes passwords in clear as well: whoever listens on the way reads them.',
    evidence: [login.reply ?? ''],
    fixes: [
      { side: 'server', program: 'Ferry', line: '--tls required' },
      { side: 'server', program: 'vsftpd', line: 'force_local_logins_ssl=YES' },
      { side: 'server', program: 'ProFTPD', line: 'TLSRequired on' },
      { side: 'server', program: 'Pure-FTPd', line: 'TLS 2' },
      ...useTls(),
    ],
    broken: 'none',
  }
}

function saidOf({ listing, reply, outcome }: PassiveStep): string {
  return (
    listing?.reply ??
    (listing === undefined ? `${reply ?? ''} (${outcome})` : `the listing is not whole (${outcome})`)
  )
}
