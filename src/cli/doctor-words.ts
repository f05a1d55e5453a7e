import { parseArgs } from 'node:util'
import { parseLocation, type RemoteLocation, type Scheme } from '../client/location.ts'
import { FileError } from '../core/error.ts'
import { UsageError } from './usage-error.ts'

/** What `ferry doctor URL` was asked. */
export interface DoctorWords {
  readonly scheme: Scheme
  readonly host: string
  readonly port: number | undefined
  readonly user: string | undefined
  readonly password: string | undefined
  /** A file of a TFTP server. */
  readonly file: string | undefined
  readonly json: boolean
  readonly verbose: boolean
  readonly mayWrite: boolean
  readonly trustOnce: boolean
  readonly patienceMs: number
  readonly idleMs: number
}

/** What a scheme of FTP says about TLS. */
export const securities = { ftp: 'clear', ftpes: 'explicit', ftps: 'implicit' } as const

const usage =
  'doctor takes one URL: ferry doctor ftp://user@host/ [--try-upload] [--trust-once] [--patience SECONDS] [--idle SECONDS] [--json] [-v], or ferry doctor --server'

/** Reads the words behind `ferry doctor`. */
export function parseDoctorWords(words: readonly string[]): DoctorWords {
  const { positionals, values } = parsed(words)
  const [text, extra] = positionals
  if (text === undefined || extra !== undefined) throw new UsageError(usage)
  const place = placeIn(text)
  const { scheme, host, port, user, password, path } = place
  return {
    scheme,
    host,
    port,
    user,
    password,
    file: path === '' || path === '/' ? undefined : path,
    json: values.json,
    verbose: values.verbose,
    mayWrite: values['try-upload'],
    trustOnce: values['trust-once'],
    patienceMs: seconds('--patience', values.patience, 1, 60),
    idleMs: seconds('--idle', values.idle, 0, 7200),
  }
}

/** What a URL of another machine names; without a scheme it is FTP's. */
export function placeIn(text: string): RemoteLocation {
  try {
    const place = parseLocation(text.includes('://') ? text : `ftp://${text}`)
    if (place.kind === 'remote') return place
  } catch (thrown) {
    if (!(thrown instanceof FileError)) throw thrown
    throw new UsageError(`${thrown.message}.`)
  }
  throw new UsageError(usage)
}

const off = { type: 'boolean', default: false } as const

function parsed(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        json: off,
        verbose: { ...off, short: 'v' },
        'try-upload': off,
        'trust-once': off,
        patience: { type: 'string', default: '8' },
        idle: { type: 'string', default: '0' },
      },
    })
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? thrown.message : String(thrown))
  }
}

function seconds(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (!(value >= least && value <= most)) throw new UsageError(`${name} takes ${least} to ${most} seconds.`)
  return value * 1000
}
