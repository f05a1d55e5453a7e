import { drawOne } from '../drawing.ts'
import { reachRows, report, type Row } from '../report.ts'
import type { Verdict } from '../verdict.ts'
import type { Asked, TftpFindings } from './findings.ts'

/** The steps of TFTP, its way, and what they mean. */
export function reportTftp(found: TftpFindings, verdicts: readonly Verdict[]): string {
  const rows: readonly Row[] = [
    ...reachRows(found),
    row('plain', found.plain),
    row('options', found.rich),
    row('in pieces', found.large),
  ]
  return report(rows, drawOne(found, verdicts, 'udp'), verdicts)
}

function row(name: string, asked: Asked | undefined): Row {
  if (asked === undefined) return [name, undefined]
  const taken = Object.entries(asked.taken ?? {}).map(([option, value]) => `${option}=${value}`)
  const error = asked.code === undefined ? [] : [`ERROR ${asked.code} ${asked.text ?? ''}`.trim()]
  const from = asked.from === undefined ? [] : [`from port ${asked.from}`]
  return [name, asked, [...error, ...taken, ...from].join(' ')]
}
