import type { Reached, Step } from './step.ts'
import type { Findings } from './findings.ts'
import type { Break, Verdict } from './verdict.ts'

/** The two connections of FTP in plain characters, with the break marked. At most 76 columns wide. */
export function draw(found: Findings, verdicts: readonly Verdict[]): string {
  const broken = new Set<Break>(verdicts.map((verdict) => verdict.broken))
  const here = `you ${found.local ?? ''}`.trim()
  const there =
    `${found.host} ${found.peer === undefined || found.peer === found.host ? '' : found.peer}`.trim()
  const passive = found.epsv?.named ?? found.pasv?.named
  const rows = [
    head(here, there),
    row(
      'control',
      '>',
      broken.has('name') || broken.has('control'),
      `port ${found.port}`,
      unwelcome(found, broken) ??
        (broken.has('tls')
          ? found.tls?.handshake?.outcome === 'works'
            ? 'not trusted'
            : 'no TLS'
          : broken.has('login')
            ? 'not let in'
            : ''),
    ),
  ]
  if (passive !== undefined) {
    rows.push(row('passive', '>', broken.has('passive'), `port ${passive.port}`, ''))
  }
  const both = [found.portCommand, found.eprt]
  const active = both.find((step) => step?.outcome === 'works') ?? both.find((step) => step !== undefined)
  if (active !== undefined && active.outcome !== 'not-tried') {
    const blocked = broken.has('active') || active.outcome !== 'works'
    rows.push(row('active', '<', blocked, `port ${active.told.port} here`, ''))
  }
  return rows.join('\n')
}

/** One connection in plain characters. */
export function drawOne(
  found: Reached & { readonly local?: string; readonly peer?: string; readonly greeting?: Step },
  verdicts: readonly Verdict[],
  name: string,
): string {
  const broken = new Set<Break>(verdicts.map((verdict) => verdict.broken))
  const here = `you ${found.local ?? ''}`.trim()
  const peer = found.peer === undefined || found.peer === found.host ? '' : found.peer
  const word = broken.has('tls') ? 'not trusted' : broken.has('login') ? 'not let in' : ''
  const blocked = broken.has('name') || broken.has('control')
  return [
    head(here, `${found.host} ${peer}`.trim()),
    row(name, '>', blocked, `port ${found.port}`, unwelcome(found, broken) ?? word),
  ].join('\n')
}

/** Where the port takes the connection, and what comes of it is no session, or none that lasts. */
function unwelcome(
  { knocks = [], greeting }: Reached & { readonly greeting?: Step },
  broken: ReadonlySet<Break>,
): string | undefined {
  if (!broken.has('control') || !knocks.some(({ outcome }) => outcome === 'works')) return undefined
  return greeting?.outcome === 'works' ? 'does not last' : 'opens, and no welcome'
}

const width = 44

function head(here: string, there: string): string {
  const name = here.slice(0, 22)
  return `  ${name}${' '.repeat(Math.max(1, 14 + width - name.length - 2))}${there.slice(0, 26)}`
}

/** One connection: who makes it, and where it ends. */
function row(name: string, direction: '>' | '<', blocked: boolean, end: string, halfWay: string): string {
  const line = blocked ? brokenLine(direction) : wholeLine(direction)
  const why = halfWay === '' && blocked ? 'does not arrive' : halfWay
  const word = why === '' ? '' : `  ${why}`
  return `  ${name.padEnd(10)}${line} ${end}${word}`
}

function wholeLine(direction: '>' | '<'): string {
  return direction === '>' ? `${'-'.repeat(width - 1)}>` : `<${'-'.repeat(width - 1)}`
}

function brokenLine(direction: '>' | '<'): string {
  const half = '-'.repeat(width / 2 - 2)
  const rest = ' '.repeat(width - half.length - 3)
  return direction === '>' ? `${half}-X ${rest}` : `${rest} X-${half}`
}
