import net, { isIP } from 'node:net'
import { canonicalAddress } from '../core/address.ts'
import { NetworkError } from '../core/error.ts'
import type {
  Conn,
  ConnectOptions,
  DatagramOptions,
  Datagrams,
  ListenOptions,
  Network,
  Port,
  ReceiveDatagram,
} from '../core/network.ts'
import { once } from '../core/once.ts'
import { localAddresses } from './local-addresses.ts'
import { networkError } from './network-error.ts'
import { SocketConn, type SocketMore } from './socket-conn.ts'
import { everySocket, tcpPort } from './tcp-port.ts'

/** The machine's own network. */
export function tcpNetwork(): Network {
  return { listen, connect, secure, lookup: addressesOf, datagrams: openDatagrams, addresses: localAddresses }
}

/** Only of Linux it is known that it prefers, of two sockets at one port, the one that is connected to who sends. */
async function openDatagrams(options: DatagramOptions, receive: ReceiveDatagram): Promise<Datagrams> {
  const { host, mostlyWith } = options
  const { datagrams, datagramsMostlyWith } = await udp()
  if (mostlyWith === undefined || process.platform !== 'linux') return datagrams(options, receive)
  return datagramsMostlyWith({ host, mostlyWith }, receive)
}

/** TLS is loaded when it is first needed: a client in clear starts without it. To ask Node for it again takes 50 µs. */
const secure: Network['secure'] = async (conn, how) => (await tls()).secure(conn, how)

const tls = once(() => import('./tls.ts'))

/** UDP as well, and all of it with the first port, as a server may not read its own files any more when a transfer asks for its own. */
const udp = once(async () => ({ ...(await import('./udp.ts')), ...(await import('./mostly-with.ts')) }))

/** Who is listened for may ask for TLS at any time, also when this process may not read its own files any more. */
async function listen(options: ListenOptions, accept: (conn: Conn) => void): Promise<Port> {
  await tls()
  return tcpPort(options, accept)
}

function connect(options: ConnectOptions): Promise<Conn> {
  const { host, port, localAddress, localPort, idles = false, forData = false, signal, timeoutMs } = options
  const { muchMayCome = forData } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(new NetworkError('aborted', 'stopped'))
    let conn: SocketConn | undefined
    const callback = (count: number): boolean => {
      conn?.arrived(copyOf(count))
      return true
    }
    const onread = { buffer: room, callback }
    const socket = net.connect({
      ...everySocket,
      keepAlive: !idles && !forData,
      host,
      port,
      ...(forData ? { onread } : {}),
      ...(localAddress === undefined ? {} : { localAddress }),
      ...(localPort === undefined ? {} : { localPort }),
    })
    const giveUp = (error: NetworkError): void => {
      signal?.removeEventListener('abort', stop)
      socket.destroy()
      reject(error)
    }
    const stop = (): void => giveUp(new NetworkError('aborted', 'stopped'))
    const refuse = (error: Error): void => giveUp(networkError(error))
    socket.setTimeout(timeoutMs, () => giveUp(new NetworkError('timeout', 'no answer came')))
    socket.once('error', refuse)
    signal?.addEventListener('abort', stop, { once: true })
    socket.once('connect', () => {
      signal?.removeEventListener('abort', stop)
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
      conn = new SocketConn(socket, { lends: muchMayCome, ...(forData ? passing(options) : {}) })
      socket.off('error', refuse)
      resolve(conn)
    })
  })
}

/** What comes over data connections is copied from here at once, as Node would make 64 KiB for each read of a few bytes. */
const room = new Uint8Array(64 * 1024)

function copyOf(count: number): Uint8Array {
  const copy = Buffer.allocUnsafe(count)
  copy.set(room.subarray(0, count))
  return copy
}

/** A data connection leads to an address mostly, and is over before anybody has asked for its ends. */
function passing({ host, port }: ConnectOptions): SocketMore {
  return isIP(host) === 0
    ? { isPassing: true }
    : { isPassing: true, remote: { address: canonicalAddress(host), port } }
}

async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    const { lookup } = await import('node:dns/promises')
    const found = await lookup(host, { all: true, order: 'ipv4first' })
    return found.map(({ address }) => canonicalAddress(address))
  } catch (thrown) {
    throw networkError(thrown)
  }
}
