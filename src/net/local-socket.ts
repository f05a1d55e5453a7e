import net from 'node:net'
import { NetworkError } from '../core/error.ts'
import type { Conn } from '../core/network.ts'
import { networkError } from './network-error.ts'
import { SocketConn } from './socket-conn.ts'

/** Connects to a program of this machine by the path of its socket: an ssh-agent. */
export function connectLocal(path: string, timeoutMs = 5000): Promise<Conn> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ path, allowHalfOpen: true, timeout: timeoutMs })
    const fail = (error: NetworkError): void => {
      socket.destroy()
      reject(error)
    }
    socket.once('timeout', () => fail(new NetworkError('timeout', 'the program does not answer')))
    socket.once('error', (error) => fail(networkError(error)))
    socket.once('connect', () => {
      socket.removeAllListeners('error')
      socket.removeAllListeners('timeout')
      socket.setTimeout(0)
      // It is kept for when the server has to be called again, and must keep no program from its end.
      socket.unref()
      resolve(new SocketConn(socket))
    })
  })
}
