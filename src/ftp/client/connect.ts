import type { Path } from '../../core/path.ts'
import type { RemoteStore } from '../../core/remote.ts'
import type { ClientHouse } from './house.ts'
import type { FtpOptions } from './options.ts'
import { SessionPool } from './session/pool.ts'
import { FtpRemote } from './remote.ts'
import { FtpSession } from './session/session.ts'
import { Together } from './session/together.ts'
import { ToldSize } from './transfer/told-size.ts'
import { waysOf } from './session/way.ts'

/** How many sessions there are at once when nobody says: enough for a file that is read while another is written. */
const usualConnections = 4

/** Connects to a server that speaks FTP, logs in, and gives its files as a Store. */
export async function connectFtp(options: FtpOptions): Promise<RemoteStore> {
  const house = houseOf(options)
  const pool = new SessionPool(house, options.connections ?? usualConnections)
  const first = await FtpSession.open(house, options.signal)
  pool.add(first)
  const seen = {
    url: `${urlOf(house)}${options.text === true ? ';type=a' : ''}`,
    text: options.text === true,
    home: first.home,
    features: first.features,
    retries: options.retries ?? 3,
    unread: new Map<Path, number>(),
    toldSize: new ToldSize(),
  }
  return new FtpRemote(pool, seen, options.signal)
}

function houseOf(options: FtpOptions): ClientHouse {
  const { network, clock, ask, host, user = 'anonymous', silenceMs = 30_000, said, warned } = options
  const port = options.port ?? (options.tls === 'implicit' ? 990 : 21)
  return {
    options,
    network,
    clock,
    ask,
    host,
    port,
    user,
    silenceMs,
    said: (from, line) => said?.(from, line),
    warned: (line) => warned?.(line),
    elsewhere: 'untried',
    together: new Together(),
    ways: waysOf(options.mode ?? 'auto'),
    landed: undefined,
    password: undefined,
    certificate: undefined,
    zoneMs: undefined,
    sizesDirectories: undefined,
    lookedAgainAt: undefined,
    blanksOfNames: undefined,
  }
}

function urlOf({ host, port, user, options }: ClientHouse): string {
  const login = options.user === undefined ? '' : `${encodeURIComponent(user)}@`
  const name = host.includes(':') ? `[${host}]` : host
  const scheme = options.tls === 'implicit' ? 'ftps' : 'ftp'
  return `${scheme}://${login}${name}${port === (scheme === 'ftps' ? 990 : 21) ? '' : `:${port}`}/`
}
