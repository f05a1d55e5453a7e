import { inspect } from 'node:util'
import { isPin, type KnownCertificates, type TlsTrust } from '../core/certificate.ts'
import { systemClock, type Clock } from '../core/clock.ts'
import { FileError } from '../core/error.ts'
import { guestNames, guestPassword } from '../core/guest-names.ts'
import { resolvePath } from '../core/path.ts'
import type { Network } from '../core/network.ts'
import type { Ask, RemoteOptions, RemoteStore } from '../core/remote.ts'
import type { FtpOptions } from '../ftp/client/options.ts'
import { parseProxy, throughProxy } from '../net/proxy.ts'
import { tcpNetwork } from '../net/tcp.ts'
import type { SshHosts } from '../ssh/client/hosts.ts'
import { localPlace } from '../stores/local.ts'
import { knownCertificates } from './known-certificates.ts'
import { Pace } from './pace.ts'
import { parseLocation, type RemoteLocation } from './location.ts'
import { Remote } from './remote.ts'

/** How to get there, and what to say on the way. All of it may be left out. */
export interface ConnectOptions {
  /** The user, where the URL names none. */
  readonly user?: string
  /** The password, or who knows it: it is asked for when it is needed. */
  readonly password?: string | (() => Promise<string | undefined> | string | undefined)
  /** Answers what else is asked: codes, passphrases, and keys that nothing vouches for (which are refused if nobody answers). */
  readonly ask?: Partial<Ask>
  /** How long the other side may be silent, in milliseconds, 30,000 if not said. */
  readonly silenceMs?: number
  /** How many connections at once, 1 if not said. */
  readonly connections?: number
  /** At most so many bytes a second, of all that is fetched and sent together. */
  readonly rate?: number
  /** A proxy to go through: `socks5://[USER:PASSWORD@]HOST[:PORT]` or `http://…`. */
  readonly proxy?: string
  /** How data connections of FTP come about, and what ACCT says. */
  readonly ftp?: Pick<
    FtpOptions,
    'mode' | 'tls' | 'believePasv' | 'activeAddress' | 'activePorts' | 'account' | 'retries' | 'mostListed'
  >
  /** Whom to trust under TLS, and who we are. Where something is said here, `ftp://` requires TLS. */
  readonly tls?: TlsOptions
  /** Ends everything, the connections too. */
  readonly signal?: AbortSignal
  /** Told each line of the dialogue, secrets masked. */
  readonly said?: (from: 'client' | 'server' | 'note', line: string) => void
  /** Who knows SSH hosts, their keys and ours. Without it nothing is known: keys of hosts are asked about, there are none to show. */
  readonly hosts?: SshHosts
  /** Told what a person should know who waits: what is silent, and which way is taken instead. */
  readonly warned?: (line: string) => void
  /** What it connects by: the sockets of this machine if not said. */
  readonly network?: Network
  /** The time; tests turn their own. */
  readonly clock?: Clock
}

/** What is known of TLS. `known` names a file of certificates that were accepted before, which those accepted now join. */
export interface TlsOptions extends Omit<TlsTrust, 'known'> {
  readonly known?: string | KnownCertificates
}

/** Connects to what a URL names, or opens a path of this machine. */
export async function connect(url: string | URL, options: ConnectOptions = {}): Promise<Remote> {
  if (typeof url !== 'string' && !(url instanceof URL))
    throw new TypeError(`where to connect to is a URL or a path, not ${inspect(url)}`)
  // A setting that is missing is often an empty text, and does not mean the folder that one happens to stand in.
  if (url === '') throw new FileError('invalid', 'where to connect to is empty')
  const { rate } = options
  if (rate !== undefined && !(rate > 0)) throw new FileError('invalid', 'a rate is more than nothing')
  const location = parseLocation(String(url))
  if (location.kind === 'local') {
    const { store, path } = await localPlace(location.path)
    return new Remote(store, { home: path, end: () => store.close() })
  }
  const transcript: string[] = []
  const store = await connectStore(location, {
    ...options,
    said(from, line) {
      transcript.push(`${marks[from]} ${line}`)
      if (transcript.length > longestTranscript) transcript.splice(0, longestTranscript / 2)
      options.said?.(from, line)
    },
  })
  const { clock = systemClock, ftp } = options
  return new Remote(store, {
    home: resolvePath(store.home, location.path),
    transcript,
    patience: { clock, retries: ftp?.retries },
    pace: rate === undefined ? undefined : new Pace(clock, rate),
  })
}

/** Connects to the machine that a location names. The clients of the protocols are loaded when they are needed. */
export function connectStore(location: RemoteLocation, options: ConnectOptions): Promise<RemoteStore> {
  return dialers[location.scheme](remoteOptions(location, options), location, options)
}

/** What is kept of a dialogue: long ones keep their end. */
const longestTranscript = 10_000

const marks = { client: '>', server: '<', note: '*' } as const

type Dial = (options: RemoteOptions, location: RemoteLocation, asked: ConnectOptions) => Promise<RemoteStore>

const dialers: Readonly<Record<RemoteLocation['scheme'], Dial>> = {
  ftp: (options, location, asked) => dialFtp(options, location, { tls: usualWish(asked), ...ftpOf(asked) }),
  ftps: (options, location, asked) => dialFtp(options, location, { ...ftpOf(asked), tls: 'implicit' }),
  ftpes: (options, location, asked) => dialFtp(options, location, { ...ftpOf(asked), tls: 'require' }),
  sftp: async (options, _location, { hosts, ftp }) =>
    (await import('../sftp/client/connect.ts')).connectSftp({
      ...options,
      retries: ftp?.retries,
      ...(hosts === undefined ? {} : { hosts }),
    }),
  tftp: async (options, { text }) =>
    (await import('../tftp/client/connect.ts')).connectTftp({
      ...options,
      ...(text ? { mode: 'netascii' } : {}),
    }),
}

/** Who says whom to trust does not want to be in clear, or with anybody. A list of accepted certificates alone says nothing. */
function usualWish({ tls = {} }: ConnectOptions): 'require' | 'prefer' {
  const { known: _known, ...said } = tls
  return Object.values(said).every((value) => value === undefined) ? 'prefer' : 'require'
}

function ftpOf({ ftp, tls = {} }: ConnectOptions) {
  const { known, ...trust } = tls
  if (trust.pins?.some((pin) => !isPin(pin)) === true)
    throw new FileError('invalid', 'a pin is sha256: and 64 hexadecimal digits, or sha256// and base64')
  const kept = typeof known === 'string' ? knownCertificates(known) : known
  return { ...ftp, trust: { ...trust, ...(kept === undefined ? {} : { known: kept }) } }
}

async function dialFtp(
  options: RemoteOptions,
  { text }: RemoteLocation,
  ftp: ReturnType<typeof ftpOf> & Pick<FtpOptions, 'tls'>,
): Promise<RemoteStore> {
  return (await import('../ftp/client/connect.ts')).connectFtp({ ...options, ...ftp, text })
}

function remoteOptions(location: RemoteLocation, options: ConnectOptions): RemoteOptions {
  const user = location.user ?? options.user
  const { network = tcpNetwork(), clock = systemClock, proxy } = options
  return {
    network: proxy === undefined ? network : throughProxy(network, clock, parseProxy(proxy)),
    clock,
    host: location.host,
    ask: asking(location, options),
    ...(location.port === undefined ? {} : { port: location.port }),
    ...(user === undefined ? {} : { user }),
    ...(options.said === undefined ? {} : { said: options.said }),
    ...(options.warned === undefined ? {} : { warned: options.warned }),
    ...(options.silenceMs === undefined ? {} : { silenceMs: options.silenceMs }),
    ...(options.connections === undefined ? {} : { connections: options.connections }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  }
}

/**
 * A password that is known is offered once: the server would not like it better the second time. A guest of FTP is asked for none
 * before the server has refused what guests say.
 */
function asking({ scheme, password: inUrl }: RemoteLocation, { password, ask }: ConnectOptions): Ask {
  return {
    async secret(wanted) {
      const { kind, user, attempt } = wanted
      if (kind !== 'password') return ask?.secret?.(wanted)
      const known = inUrl ?? (typeof password === 'function' ? await password() : password)
      if (attempt === 1 && known !== undefined) return known
      if (known !== undefined || scheme === 'sftp' || !guestNames.has(user.toLowerCase()))
        return ask?.secret?.(wanted)
      return attempt === 1 ? guestPassword : ask?.secret?.({ ...wanted, attempt: attempt - 1 })
    },
    trust: async (wanted) => ask?.trust?.(wanted) ?? 'no',
  }
}
