import { drawOne } from '../drawing.ts'
import { reachRows, report, type Row } from '../report.ts'
import type { Verdict } from '../verdict.ts'
import type { SftpFindings } from './findings.ts'

/** The steps of SFTP, its connection, and what they mean. */
export function reportSftp(found: SftpFindings, verdicts: readonly Verdict[]): string {
  const { greeting, offer, hostKey, methods, login, subsystem, session, listing, roundTrip } = found
  const rows: readonly Row[] = [
    ...reachRows(found),
    ['greeting', greeting],
    ['offer', offer, offer?.kex.join(', ')],
    ['ciphers', offer, offer?.ciphers.join(', ')],
    ['host keys', offer, offer?.hostKeys.join(', ')],
    ['host key', hostKey, hostKey && `${hostKey.algorithm} ${hostKey.fingerprint} (${hostKey.trust})`],
    ['ways in', methods && { outcome: 'works', ms: 0 }, methods?.join(', ')],
    ['login', login, login?.agreed?.join(', ')],
    ['subsystem', subsystem],
    ['SFTP', session, session?.extensions?.join(', ')],
    ['listing', listing, listing && `${listing.entries} names`],
    ['small file', roundTrip],
  ]
  return report(rows, drawOne(found, verdicts, 'ssh'), verdicts)
}
