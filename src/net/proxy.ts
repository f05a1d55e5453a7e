import type { Clock } from '../core/clock.ts'
import { asError, FileError, NetworkError } from '../core/error.ts'
import type { Conn, ConnectOptions, Network } from '../core/network.ts'
import { httpConnect } from './proxy/http-connect.ts'
import { ProxiedConn } from './proxy/proxied-conn.ts'
import { ProxyTalk } from './proxy/proxy-talk.ts'
import { socks5 } from './proxy/socks5.ts'

/** A proxy, as a URL names it. */
export interface Proxy {
  readonly kind: 'socks5' | 'http'
  readonly host: string
  readonly port: number
  readonly user: string | undefined
  readonly password: string | undefined
}

/** Reads `socks5://[USER:PASSWORD@]HOST[:PORT]` or `http://…`. Names are always looked up by the proxy (curl's `socks5h`). */
export function parseProxy(text: string): Proxy {
  const url = URL.parse(text)
  const kind = url === null ? undefined : kinds[url.protocol]
  if (url === null || kind === undefined || url.hostname === '') {
    throw new FileError(
      'invalid',
      `${withoutLogin(text)} is no proxy: socks5://HOST:PORT or http://HOST:PORT`,
    )
  }
  return {
    kind,
    host: url.hostname.replace(/^\[|\]$/gu, ''),
    // A URL drops the port that is its scheme's own.
    port: url.port === '' ? (kind === 'socks5' ? 1080 : httpPort(text)) : Number(url.port),
    user: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
  }
}

/** A network whose connections are made by a proxy. It takes none in, so active mode does not work through it. */
export function throughProxy(network: Network, clock: Clock, proxy: Proxy): Network {
  return {
    connect: (options) => connect(network, clock, proxy, options),
    secure: (conn, how) => network.secure(conn, how),
    listen: cannot,
    datagrams: cannot,
    addresses: () => network.addresses(),
    lookup: (host) => network.lookup(host),
  }
}

async function cannot(): Promise<never> {
  throw new NetworkError('not-permitted', 'a proxy takes no connections and no datagrams for us')
}

const kinds: Readonly<Record<string, Proxy['kind']>> = {
  'socks5:': 'socks5',
  'socks5h:': 'socks5',
  'http:': 'http',
}

function httpPort(text: string): number {
  return /:80(?:[/?#]|$)/u.test(text) ? 80 : 8080
}

function withoutLogin(text: string): string {
  return text.replace(/\/\/[^@/]*@/u, '//')
}

async function connect(network: Network, clock: Clock, proxy: Proxy, options: ConnectOptions): Promise<Conn> {
  const conn = await reach(network, proxy, options)
  const talk = new ProxyTalk(conn)
  const { signal } = options
  const stop = (): void => conn.destroy(new NetworkError('aborted', 'stopped'))
  const late = new NetworkError('timeout', 'the proxy did not answer')
  const timer = clock.after(options.timeoutMs, () => conn.destroy(late))
  signal?.addEventListener('abort', stop, { once: true })
  if (signal?.aborted === true) stop()
  try {
    await handshakes[proxy.kind](talk, proxy, options)
    return new ProxiedConn(conn, { address: options.host, port: options.port }, talk.rest())
  } catch (thrown) {
    const error = asError(thrown)
    conn.destroy(error)
    throw error.cause === late ? late : error
  } finally {
    timer.cancel()
    signal?.removeEventListener('abort', stop)
  }
}

async function reach(network: Network, { host, port }: Proxy, options: ConnectOptions): Promise<Conn> {
  const { signal, timeoutMs } = options
  try {
    return await network.connect({ host, port, timeoutMs, ...(signal === undefined ? {} : { signal }) })
  } catch (thrown) {
    if (!(thrown instanceof NetworkError) || thrown.fault === 'aborted') throw thrown
    throw new NetworkError(thrown.fault, `the proxy ${host} port ${port}: ${thrown.message}`, {
      cause: thrown,
    })
  }
}

const handshakes = { socks5, http: httpConnect } as const
