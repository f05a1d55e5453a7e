import type { PortRange } from '../../ftp/server/settings.ts'
import type { Loudness } from './event-line.ts'
import { guestNames } from '../../core/guest-names.ts'
import { parseWords } from '../options.ts'
import { parseRange } from './port-range.ts'
import { parsePublishWords, type PublishWords } from './publish-words.ts'
import { serveRows } from './serve-rows.ts'
import { parseSftpWords, type SftpWords } from './sftp-words.ts'
import { parseTftpWords, type TftpWords } from './tftp-words.ts'
import { parseTlsWords, type TlsWords } from './tls-words.ts'
import { UsageError } from '../usage-error.ts'

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
  readonly tftp: TftpWords
  readonly users: readonly NamedUser[]
  /** Files of authorized_keys of these users; `%u` in a path is the user's name. */
  readonly authorizedKeys: readonly string[]
  readonly anonymous: boolean
  readonly readOnly: boolean
  readonly inPlace: boolean
  readonly passive: PortRange | 'any' | 'off'
  readonly publicAddress: string | undefined
  /** An SSH host where others reach what is served here. */
  readonly publish: PublishWords | undefined
  readonly graceMs: number
  /** How many threads serve; `auto`: one for each core. */
  readonly workers: number | 'auto'
  readonly json: boolean
  readonly loudness: Loudness
}

/** Reads the words behind `ferry serve`. */
export function parseServeWords(words: readonly string[]): ServeWords {
  const { said: values, rest } = parseWords('serve', words, serveRows)
  const [directory = values.folder ?? '.', extra] = rest
  if (extra !== undefined) throw new UsageError(`one folder only, and "${extra}" is a second one.`)
  if (values.write && values['read-only'])
    throw new UsageError('--write and --read-only exclude one another.')
  if (values.quiet && values.verbose) throw new UsageError('--quiet and --verbose exclude one another.')
  const hasKeys = values['authorized-keys'].length > 0 || values['ssh-ca'].length > 0
  const ftpPort = values.ftp === undefined ? 2121 : parsePort('--ftp', values.ftp)
  const tftpPort = values.tftp === undefined ? 'off' : parsePort('--tftp', values.tftp)
  const sftpPort = values.sftp === undefined ? 2222 : parsePort('--sftp', values.sftp)
  const ftpsPort = values.ftps === undefined ? 'off' : parsePort('--ftps', values.ftps)
  if ([ftpPort, ftpsPort, sftpPort, tftpPort].every((port) => port === 'off'))
    throw new UsageError('everything is off, which leaves nothing to serve.')
  const passive = values.passive === undefined ? 'any' : parsePassive(values.passive)
  mustDiffer({ '--ftp': ftpPort, '--ftps': ftpsPort, '--sftp': sftpPort, '--passive': onlyPort(passive) })
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
    tftp: parseTftpWords(values, tftpPort),
    users: parseUsers(values.user, hasKeys, values.anonymous),
    authorizedKeys: values['authorized-keys'],
    anonymous: values.anonymous,
    readOnly: values['read-only'],
    inPlace: values['in-place'],
    passive,
    publicAddress: values['public-address'],
    publish: parsePublishWords(values, parsePort),
    graceMs: parseSeconds('--grace', values.grace ?? '10'),
    workers: parseWorkers(values.workers ?? '1'),
    json: values.json,
    loudness: values.quiet ? 'quiet' : values.verbose ? 'verbose' : 'normal',
  }
}

/** The configuration that the words name. */
export function configFile(words: readonly string[]): string | undefined {
  return parseWords('serve', words, serveRows).said.config
}

function parsePort(option: string, value: string): number | 'off' {
  if (value === 'off') return 'off'
  const port = Number(value)
  if (/^\d{1,5}$/u.test(value) && port <= 65_535) return port
  throw new UsageError(`${option} takes a port from 0 to 65535, or off, and not "${value}".`)
}

/** Two that listen at one port keep one another out, and the system would name another program. */
function mustDiffer(ports: Readonly<Record<string, number | 'off'>>): void {
  const taken = new Map<number, string>()
  for (const [option, port] of Object.entries(ports)) {
    if (port === 'off' || port === 0) continue
    const other = taken.get(port)
    if (other !== undefined) throw new UsageError(`${other} and ${option} cannot both have port ${port}.`)
    taken.set(port, option)
  }
}

function onlyPort(passive: PortRange | 'any' | 'off'): number | 'off' {
  return typeof passive === 'object' && passive.first === passive.last ? passive.first : 'off'
}

function parseUsers(said: readonly string[], hasKeys: boolean, anonymous: boolean): readonly NamedUser[] {
  const users = said.map((user) => parseUser(user, hasKeys))
  const taken = new Set<string>()
  for (const { name } of users) {
    if (taken.has(name)) throw new UsageError(`--user names ${name} twice.`)
    if (anonymous && guestNames.has(name.toLowerCase()))
      throw new UsageError(`--anonymous lets in whoever says ${name}, so that --user cannot name one.`)
    taken.add(name)
  }
  return users
}

function parseUser(value: string, hasKeys: boolean): NamedUser {
  const colon = value.indexOf(':')
  if (hasKeys && colon < 0 && value !== '') return { name: value }
  const name = value.slice(0, Math.max(0, colon))
  const password = value.slice(colon + 1)
  if (name !== '' && password !== '') return { name, password }
  throw new UsageError(
    '--user takes NAME:PASSWORD, and neither may be empty. NAME alone is enough where --authorized-keys or --ssh-ca says whose keys let in.',
  )
}

function parsePassive(value: string): PortRange | 'off' {
  if (value === 'off') return 'off'
  const range = parseRange(value)
  if (range !== undefined) return range
  throw new UsageError(`--passive takes a port, ports like 50000-50100, or off, and not "${value}".`)
}

/** As many as can be told apart in memory that they share. */
const mostWorkers = 254

function parseWorkers(value: string): number | 'auto' {
  if (value === 'auto') return value
  const workers = Number(value)
  if (/^\d{1,3}$/u.test(value) && workers >= 1 && workers <= mostWorkers) return workers
  throw new UsageError(`--workers takes a number from 1 to ${mostWorkers}, or auto, and not "${value}".`)
}

function parseSeconds(option: string, value: string): number {
  if (/^\d{1,6}$/u.test(value)) return Number(value) * 1000
  throw new UsageError(`${option} takes a number of seconds, and not "${value}".`)
}
