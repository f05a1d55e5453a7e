import { draw } from './drawing.ts'
import type { Findings, Step } from './step.ts'
import type { Fix, Side, Verdict } from './verdict.ts'

/** What a person reads: what was tried, the drawing, what it means, and which lines to change. */
export function report(found: Findings, verdicts: readonly Verdict[]): string {
  const parts = [steps(found), draw(found, verdicts), ...verdicts.map(tell)]
  return `${parts.join('\n\n')}\n`
}

function steps(found: Findings): string {
  const rows: (readonly [string, Step | undefined, (string | undefined)?])[] = [
    ['name', found.lookup, found.lookup?.addresses.join(', ')],
    ...(found.knocks ?? []).map((knock) => [`port ${knock.port}`, knock, knock.address] as const),
    ...(found.otherPorts ?? []).map((knock) => [`port ${knock.port}`, knock, knock.speaks] as const),
    ['greeting', found.greeting],
    ['FEAT', found.features, `${found.features?.names.length ?? 0} features`],
    ['login', found.login],
    ['REST', found.restart],
    ['NOOP', found.idle],
    ['EPSV', found.epsv],
    ['PASV', found.pasv],
    ['PORT', found.portCommand],
    ['EPRT', found.eprt],
    ['small file', found.roundTrip],
    ['after rest', found.rested],
    ...tlsSteps(found),
  ]
  return rows.flatMap(([name, step, more]) => (step === undefined ? [] : [line(name, step, more)])).join('\n')
}

function tlsSteps({
  tls,
  security,
}: Findings): readonly (readonly [string, Step | undefined, (string | undefined)?])[] {
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
            { outcome: certificate.fault === undefined ? 'works' : 'rejected', ms: 0 },
            `${certificate.subject}, until ${certificate.validTo}${certificate.fault === undefined ? '' : `, ${certificate.fault}`}`,
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

function line(name: string, step: Step, more: string | undefined): string {
  const detail = more ?? step.reply ?? step.text ?? ''
  const words = `  ${name.padEnd(11)}${step.outcome.padEnd(10)}${`${Math.round(step.ms)} ms`.padStart(8)}  ${detail}`
  return words.length > 100 ? `${words.slice(0, 99)}…` : words.trimEnd()
}

const sides: Readonly<Record<Side, string>> = {
  client: 'On your side',
  server: 'At the server',
  router: 'In the router or firewall',
}

function tell({ weight, sentence, evidence, fixes, id }: Verdict): string {
  const mark = weight === 'trouble' ? 'TROUBLE' : weight === 'note' ? 'NOTE' : 'FINE'
  const seen = evidence.filter((one) => one !== '').map((one) => wrapped(`  seen: ${one}`, 8))
  const lines = [wrapped(`${mark}  ${sentence}`, mark.length + 2), ...seen]
  for (const side of ['server', 'router', 'client'] as const) {
    const own = fixes.filter((fix) => fix.side === side)
    if (own.length > 0) lines.push(`  ${sides[side]}:`, ...own.map(fixLine))
  }
  if (weight !== 'fine') lines.push(`  (${id})`)
  return lines.join('\n')
}

/** Lines for a terminal of 100 columns; all but the first are indented. */
function wrapped(text: string, indent: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/(?<=\S) /u)) {
    if (line !== '' && line.length + word.length >= 100) {
      lines.push(line)
      line = ' '.repeat(indent) + word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join('\n')
}

function fixLine({ program, line: words }: Fix): string {
  return wrapped(program === 'you' ? `    ${words}` : `    ${program}: ${words}`, 6)
}
