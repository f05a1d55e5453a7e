import type { Clock } from '../core/clock.ts'
import { FileError, NetworkError } from '../core/error.ts'
import type { Network } from '../core/network.ts'

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

/**
 * A network whose connections are made by a proxy. It takes none in, so active mode does not work through it. What talks to the
 * proxy is loaded with the first of them.
 */
export function throughProxy(network: Network, clock: Clock, proxy: Proxy): Network {
  return {
    connect: async (options) =>
      (await import('./proxy/connect-by-proxy.ts')).connectByProxy(network, clock, proxy, options),
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
