/** One thing that a test proves. */
export interface Proven {
  /** `RFC 959`, a draft, or `other` for what servers do without a standard. */
  readonly standard: string
  readonly subject: string
  readonly behaviour: string
  readonly file: string
}

const named = /^test\('(RFC \d+|draft-[a-z0-9-]+|other) ([^:']+): ([^']+)'/gmu

/** What the tests of a file prove, by their names: `RFC 959 RETR: sends the file as it is`. */
export function provenLines(file: string, text: string): Proven[] {
  return Array.from(text.matchAll(named), ([, standard = '', subject = '', behaviour = '']) => ({
    standard,
    subject,
    behaviour,
    file,
  }))
}

/** The table in Markdown, standard by standard. */
export function complianceTable(lines: readonly Proven[]): string {
  const standards = [...new Set(lines.map(({ standard }) => standard))].toSorted(byStandard)
  return standards.map((standard) => section(standard, lines)).join('\n')
}

function section(standard: string, lines: readonly Proven[]): string {
  const title = standard === 'other' ? 'Without a standard' : standard
  const rows = lines
    .filter((line) => line.standard === standard)
    .toSorted((a, b) => compare(a.subject, b.subject) || compare(a.behaviour, b.behaviour))
    .map(({ subject, behaviour, file }) => `| ${subject} | ${escaped(behaviour)} | [test](${file}) |`)
  return `### ${title}\n\n| what | how | proof |\n|---|---|---|\n${rows.join('\n')}\n`
}

/** RFCs by number, then drafts, then the rest. */
function byStandard(a: string, b: string): number {
  return rank(a) - rank(b) || compare(a, b)
}

function rank(standard: string): number {
  if (standard.startsWith('RFC ')) return Number(standard.slice(4))
  return standard === 'other' ? 1e7 : 1e6
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*')
}
