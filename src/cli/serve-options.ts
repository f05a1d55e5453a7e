import { parseArgs } from 'node:util'
import type { PortRange } from '../ftp/server/settings.ts'
import type { Loudness } from './event-line.ts'
import { parseSftpWords, sftpOptions, type SftpWords } from './sftp-words.ts'
import { parseTftpRemap, parseTftpRoots, type TftpRoot } from './tftp-words.ts'
import { parseTlsWords, tlsOptions, type TlsWords } from './tls-words.ts'
import { UsageError } from './usage-error.ts'

/** A user named on the command line. */
export interface NamedUser {
  readonly name: string
  /** undefined: only a key lets in. */
  readonly password?: string
}

/** What the words of `ferry serve` ask for. */
export interface ServeWords {
  readonly directory: string
  /** Where accounts and keys outlive the run. */
  readonly data: string | undefined
  /** Who to be once the ports are open, where root has started it. */
  readonly runAs: string | undefined
  /** undefined: all addresses. */
  readonly host: string | undefined
  readonly ftpPort: number | 'off'
  readonly sftpPort: number | 'off'
  /** Implicit FTPS. */
  readonly ftpsPort: number | 'off'
  readonly tls: TlsWords
  readonly sftp: SftpWords
  readonly tftpPort: number | 'off'
  /** undefined: each address of the machine. */
  readonly tftpHost: string | undefined
  /** The ports of TFTP's transfers. */
  readonly tftpPorts: PortRange | 'any' | 'single'
  readonly tftpWrite: boolean
  /** The first network that holds a client decides what it sees; the shared folder is for all others. */
  readonly tftpRoots: readonly TftpRoot[]
  readonly tftpRemap: string | undefined
  readonly users: readonly NamedUser[]
  /** Files of authorized_keys of these users; `%u` in a path is the user's name. */
  readonly authorizedKeys: readonly string[]
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
  const [directory = values.folder ?? '.', extra] = positionals
  if (extra !== undefined) throw new UsageError(`one folder only, and "${extra}" is a second one.`)
  if (values.write && values['read-only'])
    throw new UsageError('--write and --read-only exclude one another.')
  if (values.quiet && values.verbose) throw new UsageError('--quiet and --verbose exclude one another.')
  const hasKeys = values['authorized-keys'] !== undefined || values['ssh-ca'] !== undefined
  const ftpPort = values.ftp === undefined ? 2121 : parsePort('--ftp', values.ftp)
  const tftpPort = values.tftp === undefined ? 'off' : parsePort('--tftp', values.tftp)
  const sftpPort = values.sftp === undefined ? 2222 : parsePort('--sftp', values.sftp)
  const ftpsPort = values.ftps === undefined ? 'off' : parsePort('--ftps', values.ftps)
  if ([ftpPort, ftpsPort, sftpPort, tftpPort].every((port) => port === 'off'))
    throw new UsageError('everything is off, which leaves nothing to serve.')
  return {
    directory,
    data: values.data,
    runAs: values['run-as'],
    host: values.host,
    ftpPort,
    sftpPort,
    ftpsPort,
    tls: parseTlsWords(values),
    sftp: parseSftpWords(values, sftpPort),
    tftpPort,
    tftpHost: values.host,
    tftpPorts: parseTftpPorts(values['tftp-ports'], values['tftp-single-port'], tftpPort),
    tftpWrite: parseTftpWrite(values['tftp-write'], values['read-only'], tftpPort),
    tftpRoots: parseTftpRoots(values['tftp-root'], tftpPort),
    tftpRemap: parseTftpRemap(values['tftp-remap'], tftpPort),
    users: (values.user ?? []).map((user) => parseUser(user, hasKeys)),
    authorizedKeys: values['authorized-keys'] ?? [],
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

/** Every option of `ferry serve`; each is a key of ferry.yaml as well. */
export const serveOptions = {
  config: text,
  folder: text,
  'run-as': text,
  data: text,
  user: { type: 'string', multiple: true },
  'authorized-keys': { type: 'string', multiple: true },
  anonymous: off,
  write: off,
  'read-only': off,
  'in-place': off,
  ftp: text,
  ftps: text,
  sftp: text,
  tftp: text,
  'tftp-ports': text,
  'tftp-single-port': off,
  'tftp-write': off,
  'tftp-root': { type: 'string', multiple: true },
  'tftp-remap': text,
  ...tlsOptions,
  ...sftpOptions,
  host: text,
  passive: text,
  'public-address': text,
  grace: text,
  json: off,
  quiet: off,
  verbose: off,
} as const

/** The configuration that the words name. */
export function configFile(words: readonly string[]): string | undefined {
  return parse(words).values.config
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: serveOptions,
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

function parseUser(value: string, hasKeys: boolean): NamedUser {
  const colon = value.indexOf(':')
  if (hasKeys && colon < 0 && value !== '') return { name: value }
  const name = value.slice(0, Math.max(0, colon))
  const password = value.slice(colon + 1)
  if (name !== '' && password !== '') return { name, password }
  throw new UsageError(
    '--user takes NAME:PASSWORD, and neither may be empty; NAME alone where --authorized-keys says by which keys.',
  )
}

function parsePassive(value: string): PortRange | 'off' {
  if (value === 'off') return 'off'
  const range = parseRange(value)
  if (range !== undefined) return range
  throw new UsageError(`--passive takes a port, ports like 50000-50100, or off, and not "${value}".`)
}

function parseTftpPorts(
  value: string | undefined,
  single: boolean,
  port: number | 'off',
): PortRange | 'any' | 'single' {
  if (value === undefined && !single) return 'any'
  if (port === 'off')
    throw new UsageError('the ports of TFTP are asked for and TFTP is not: say --tftp PORT.')
  if (value === undefined) return 'single'
  if (single) throw new UsageError('--tftp-ports and --tftp-single-port exclude one another.')
  const range = parseRange(value)
  if (range !== undefined) return range
  throw new UsageError(`--tftp-ports takes a port or ports like 50000-50100, and not "${value}".`)
}

function parseTftpWrite(write: boolean, readOnly: boolean, port: number | 'off'): boolean {
  if (write && port === 'off')
    throw new UsageError('uploads by TFTP are asked for and TFTP is not: say --tftp PORT.')
  if (write && readOnly) throw new UsageError('--tftp-write and --read-only exclude one another.')
  return write
}

function parseRange(value: string): PortRange | undefined {
  const [, first = '', last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/u.exec(value) ?? []
  const range = { first: Number(first), last: Number(last) }
  const good = first !== '' && range.first > 0 && range.first <= range.last && range.last <= 65_535
  return good ? range : undefined
}

function parseSeconds(option: string, value: string): number {
  if (/^\d{1,6}$/u.test(value)) return Number(value) * 1000
  throw new UsageError(`${option} takes a number of seconds, and not "${value}".`)
}
