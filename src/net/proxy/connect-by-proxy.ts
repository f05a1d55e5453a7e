import type { Clock } from '../../core/clock.ts'
import { asError, NetworkError } from '../../core/error.ts'
import type { Conn, ConnectOptions, Network } from '../../core/network.ts'
import type { Proxy } from '../proxy.ts'
import { httpConnect } from './http-connect.ts'
import { ProxiedConn } from './proxied-conn.ts'
import { ProxyTalk } from './proxy-talk.ts'
import { socks5 } from './socks5.ts'

/** Has a proxy connect to a host. */
export async function connectByProxy(
  network: Network,
  clock: Clock,
  proxy: Proxy,
  options: ConnectOptions,
): Promise<Conn> {
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
