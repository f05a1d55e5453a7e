import { familyOf } from '../core/address.ts'
import { draw } from './drawing.ts'
import { reachRows, report, type Row } from './report.ts'
import type { ShownCertificate } from './secured.ts'
import type { Step } from './step.ts'
import type { Findings } from './findings.ts'
import type { Verdict } from './verdict.ts'

/** The steps of FTP, the drawing of its two connections, and what they mean. */
export function reportFtp(found: Findings, verdicts: readonly Verdict[]): string {
  const rows: readonly Row[] = [
    ...reachRows(found),
    ['greeting', found.greeting],
    ['FEAT', found.features, `${found.features?.names.length ?? 0} features`],
    ['login', found.login],
    ['REST', found.restart],
    ['NOOP', found.idle],
    ['EPSV', found.epsv],
    ['PASV', found.pasv],
    ['more ports', ...moreTries(found)],
    [`EPSV by IPv${familyOf(found.otherFamily?.address ?? '') ?? 6}`, found.otherFamily],
    ['PORT', found.portCommand],
    ['EPRT', found.eprt],
    ['small file', found.roundTrip],
    ['a file', found.sample, found.sample && `${found.sample.bytes} bytes of it`],
    ['NOOP in it', found.sample?.noop],
    ['ABOR', found.sample?.abort],
    ['after rest', found.rested],
    ...tlsSteps(found),
  ]
  return report(rows, draw(found, verdicts), verdicts)
}

/** The ports that were tried besides, and what came of them. */
function moreTries({ tries = [] }: Findings): readonly [Step | undefined, string] {
  const named = tries.flatMap((step) =>
    step.named === undefined ? [] : [{ ...step, port: step.named.port }],
  )
  const failed = named.find(({ outcome }) => outcome !== 'works')
  const [first] = named
  if (first === undefined) return [undefined, '']
  const ms = Math.max(...named.map((step) => step.ms))
  const told = named.map(({ port, outcome }) => (outcome === 'works' ? `${port}` : `${port} not`))
  return [{ outcome: failed?.outcome ?? 'works', ms }, told.join(', ')]
}

function isTaken({ standing }: ShownCertificate): boolean {
  return standing === 'vouched' || standing === 'pinned' || standing === 'known'
}

function standingIn({ standing, faults }: ShownCertificate): string {
  switch (standing) {
    case 'vouched':
      return ''
    case 'pinned':
      return ', the one that is pinned'
    case 'known':
      return ', accepted before'
    case 'not-pinned':
      return ', not the one that is pinned'
    case 'changed':
      return ', another one than before'
    case 'unknown':
    case 'revoked':
      return `, ${faults.join(', ')}`
  }
}

function tlsSteps({ tls, security }: Findings): readonly Row[] {
  if (tls === undefined) return []
  const certificate = tls.handshake?.certificate
  const data = tls.epsv?.listing?.tls ?? tls.pasv?.listing?.tls
  const own = security === 'clear'
  return [
    ['AUTH TLS', tls.auth],
    ['TLS', tls.handshake, tls.handshake?.text],
    ...(certificate === undefined
      ? []
      : ([
          [
            'certificate',
            { outcome: isTaken(certificate) ? 'works' : 'rejected', ms: 0 },
            `${certificate.subject}, until ${certificate.validTo}${standingIn(certificate)}`,
          ],
        ] as const)),
    ...(tls.old ?? []).map((old) => [old.version, old, 'offered by itself'] as const),
    ['TLS login', own ? tls.login : undefined],
    ['PROT P', tls.prot],
    ['TLS EPSV', own ? tls.epsv : undefined],
    ['TLS PASV', own ? tls.pasv : undefined],
    ['TLS PORT', own ? tls.portCommand : undefined],
    ['TLS EPRT', own ? tls.eprt : undefined],
    [
      'resumed',
      tls.again,
      data === undefined ? undefined : `${data.resumed ? 'yes' : 'no'}; ends: ${data.ending}`,
    ],
    ['unresumed', tls.withoutSession, tls.withoutSession?.listing?.reply],
    ['PROT C', tls.clearData],
    ['CCC', tls.ccc],
  ]
}
