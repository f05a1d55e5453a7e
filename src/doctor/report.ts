import type { Reached, Step } from './step.ts'
import type { Fix, Side, Verdict } from './verdict.ts'

/** A step as it is told: its name, how it went, and what is to be said about it if not its reply. */
export type Row = readonly [name: string, step: Step | undefined, more?: string | undefined]

/** What a person reads: what was tried, the drawing, what it means, and which lines to change. */
export function report(rows: readonly Row[], drawing: string, verdicts: readonly Verdict[]): string {
  const steps = rows.flatMap(([name, step, more]) => (step === undefined ? [] : [line(name, step, more)]))
  return `${[steps.join('\n'), drawing, ...verdicts.map(tell)].join('\n\n')}\n`
}

/** The steps until a connection stood, which are the same for all protocols. */
export function reachRows({ lookup, knocks = [], otherPorts = [] }: Reached): readonly Row[] {
  return [
    ['name', lookup, lookup?.addresses.join(', ')],
    ...knocks.map((knock) => [`port ${knock.port}`, knock, knock.address] as const),
    ...otherPorts.map((knock) => [`port ${knock.port}`, knock, knock.speaks] as const),
  ]
}

function line(name: string, step: Step, more: string | undefined): string {
  const detail = more ?? step.reply ?? step.text ?? ''
  const words = `  ${name.padEnd(14)}${step.outcome.padEnd(10)}${`${Math.round(step.ms)} ms`.padStart(8)}  ${detail}`
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
