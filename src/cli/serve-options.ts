import { parseArgs } from 'node:util'
import type { PortRange } from '../ftp/server/settings.ts'
import type { Loudness } from './event-line.ts'
import { UsageError } from './usage-error.ts'

/** A user named on the command line. */
export interface NamedUser {
  readonly name: string
  readonly password: string
}

/** What the words of `ferry serve` ask for. */
export interface ServeWords {
  readonly directory: string
  /** undefined: all addresses. */
  readonly host: string | undefined
  readonly ftpPort: number
  readonly users: readonly NamedUser[]
  readonly anonymous: boolean
  readonly readOnly: boolean
  readonly inPlace: boolean
  readonly passive: PortRange | 'any' | 'off'
  readonly publicAddress: string | undefined
  readonly graceMs: number
  readonly json: boolean
  readonly loudness: Loudness
}

/** Reads the words behind `ferry serve`. */
export function parseServeWords(words: readonly string[]): ServeWords {
  const { values, positionals } = parse(words)
  const [directory = '.', extra] = positionals
  if (extra !== undefined) throw new UsageError(`one folder only, and "${extra}" is a second one.`)
  if (values.write && values['read-only'])
    throw new UsageError('--write and --read-only exclude one another.')
  if (values.quiet && values.verbose) throw new UsageError('--quiet and --verbose exclude one another.')
  const ftpPort = values.ftp === undefined ? 2121 : parsePort('--ftp', values.ftp)
  for (const other of ['ftps', 'sftp', 'tftp'] as const) notThere(other, values[other])
  if (ftpPort === 'off') throw new UsageError('--ftp off leaves nothing to serve.')
  return {
    directory,
    host: values.host,
    ftpPort,
    users: (values.user ?? []).map(parseUser),
    anonymous: values.anonymous,
    readOnly: values['read-only'],
    inPlace: values['in-place'],
    passive: values.passive === undefined ? 'any' : parsePassive(values.passive),
    publicAddress: values['public-address'],
    graceMs: parseSeconds('--grace', values.grace ?? '10'),
    json: values.json,
    loudness: values.quiet ? 'quiet' : values.verbose ? 'verbose' : 'normal',
  }
}

const off = { type: 'boolean', default: false } as const
const text = { type: 'string' } as const

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        user: { type: 'string', multiple: true },
        anonymous: off,
        write: off,
        'read-only': off,
        'in-place': off,
        ftp: text,
        ftps: text,
        sftp: text,
        tftp: text,
        host: text,
        passive: text,
        'public-address': text,
        grace: text,
        json: off,
        quiet: off,
        verbose: off,
      },
    })
  } catch (thrown) {
    const [first = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split('. ')
    throw new UsageError(`${first.replace(/\.$/u, '')}. "ferry help" lists the options.`)
  }
}

function parsePort(option: string, value: string): number | 'off' {
  if (value === 'off') return 'off'
  const port = Number(value)
  if (/^\d{1,5}$/u.test(value) && port <= 65_535) return port
  throw new UsageError(`${option} takes a port from 0 to 65535, or off, and not "${value}".`)
}

/** The other protocols are not in this version: scripts may switch them off, and nobody believes they were on. */
function notThere(protocol: string, value: string | undefined): void {
  if (value === undefined || value === 'off') return
  throw new UsageError(`this version of ferry serves FTP only, leave out --${protocol}.`)
}

function parseUser(value: string): NamedUser {
  const colon = value.indexOf(':')
  const name = value.slice(0, Math.max(0, colon))
  const password = value.slice(colon + 1)
  if (name !== '' && password !== '') return { name, password }
  throw new UsageError(`--user takes NAME:PASSWORD, and neither may be empty.`)
}

function parsePassive(value: string): PortRange | 'off' {
  if (value === 'off') return 'off'
  const [, first = '', last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/u.exec(value) ?? []
  const range = { first: Number(first), last: Number(last) }
  if (first !== '' && range.first > 0 && range.first <= range.last && range.last <= 65_535) return range
  throw new UsageError(`--passive takes a port, ports like 50000-50100, or off, and not "${value}".`)
}

function parseSeconds(option: string, value: string): number {
  if (/^\d{1,6}$/u.test(value)) return Number(value) * 1000
  throw new UsageError(`${option} takes a number of seconds, and not "${value}".`)
}
