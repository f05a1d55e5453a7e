import type { TlsOptions } from '../../client/connect.ts'
import { parseLocation, type RemoteLocation, type Scheme } from '../../client/location.ts'
import { FileError } from '../../core/error.ts'
import { commonOptions, parseWords, type OptionRows } from '../options.ts'
import { trustWords } from '../fetching/trust-words.ts'
import { UsageError } from '../usage-error.ts'

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
  /** Whom to trust under TLS, and who we say we are. */
  readonly trust: TlsOptions
}

/** What a scheme of FTP says about TLS. */
export const securities = { ftp: 'clear', ftpes: 'explicit', ftps: 'implicit' } as const

const usage =
  'doctor takes one URL: ferry doctor ftp://user@host/ [--try-upload] [--trust-once], or ferry doctor --server. "ferry help doctor" lists the options.'

/** What `ferry doctor URL` takes. */
export const doctorOptions = {
  json: { type: 'boolean', does: 'findings and verdicts as one JSON object' },
  verbose: { type: 'boolean', short: 'v', does: 'say what was spoken' },
  'try-upload': { type: 'boolean', does: 'write a small file, read it back and remove it' },
  'trust-once': {
    type: 'boolean',
    does: 'log in although nobody vouches for the certificate, or the key of an SSH host',
  },
  patience: { type: 'string', value: 'SECONDS', does: 'how long a step waits, 8 if not said' },
  idle: {
    type: 'string',
    value: 'SECONDS',
    does: 'leave a session alone for so long, and look what is left',
  },
  pin: commonOptions.pin,
  ca: commonOptions.ca,
  crl: commonOptions.crl,
  cert: commonOptions.cert,
  key: commonOptions.key,
  'tls-version': commonOptions['tls-version'],
} as const satisfies OptionRows

/** Reads the words behind `ferry doctor`. */
export async function parseDoctorWords(words: readonly string[]): Promise<DoctorWords> {
  const { rest, said } = parseWords('doctor', words, doctorOptions)
  const [text, extra] = rest
  if (text === undefined || extra !== undefined) throw new UsageError(usage)
  const place = placeIn(text)
  const { scheme, host, port, user, password, path } = place
  const trust = await trustWords(said)
  if ((scheme === 'sftp' || scheme === 'tftp') && saysWhomToTrust(trust))
    throw new UsageError(`${scheme}:// has no TLS that --pin, --ca, --cert or --tls-version could mean.`)
  return {
    scheme,
    host,
    port,
    user,
    password,
    file: path === '' || path === '/' ? undefined : path,
    json: said.json,
    verbose: said.verbose,
    mayWrite: said['try-upload'],
    trustOnce: said['trust-once'],
    patienceMs: seconds('--patience', said.patience ?? '8', 1, 60),
    idleMs: seconds('--idle', said.idle ?? '0', 0, 7200),
    trust,
  }
}

/** Who says whom to trust wants TLS; the list of accepted certificates is always there. */
export function saysWhomToTrust({ known: _known, ...said }: TlsOptions): boolean {
  return Object.keys(said).length > 0
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

function seconds(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (!(value >= least && value <= most)) throw new UsageError(`${name} takes ${least} to ${most} seconds.`)
  return value * 1000
}
