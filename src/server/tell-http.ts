import type { Server } from 'node:http'
import { asError, type NetworkError } from '../core/error.ts'
import type { Peer } from '../core/network.ts'
import { networkError } from '../net/network-error.ts'

/** What HTTP listens at and how it ends. */
export interface ToldHttp {
  readonly at: Peer
  end(): void
}

/** Where HTTP listens if nothing else is said. */
const usual = { port: 9121, host: '127.0.0.1' }

/** So many connections at once. */
const mostConnections = 100

/** Listens for /metrics, which is written anew for each who asks, and for /health. */
export async function tellHttp(
  place: { readonly port?: number; readonly host?: string },
  metrics: () => Promise<string>,
): Promise<ToldHttp> {
  const { port, host } = { ...usual, ...place }
  // An `import` of it makes all that it exports, WebSocket with the whole of Node's fetch among it: a third of a server's start.
  const { createServer } = process.getBuiltinModule('node:http')
  const http = createServer({ requestTimeout: 10_000 }, (request, response) => {
    const tell = async (): Promise<void> => {
      try {
        const text = await metrics()
        response.setHeader('content-type', 'text/plain; version=0.0.4')
        response.end(text)
      } catch (thrown) {
        response.writeHead(500).end(`${asError(thrown).message}\n`)
      }
    }
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    // Scrapers may put parameters behind it.
    const [path] = (request.url ?? '').split('?')
    if (!isRead) response.writeHead(405, { allow: 'GET, HEAD' }).end()
    else if (path === '/metrics') void tell()
    else if (path === '/health') response.end('ok\n')
    else response.writeHead(404).end('there are /metrics and /health\n')
  })
  makeRoom(http)
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error) => reject(notListening(networkError(error), host, port)))
    http.listen(port, host, resolve)
  })
  http.unref()
  const at = http.address()
  if (at === null || typeof at === 'string') throw new Error('HTTP listens at a port')
  return {
    at: { address: at.address, port: at.port },
    end() {
      http.close()
      http.closeAllConnections()
    },
  }
}

/** Why there is no HTTP, and what to change. */
function notListening(cause: NetworkError, host: string, port: number): Error {
  const key = cause.fault === 'in-use' || cause.fault === 'not-permitted' ? 'port' : 'host'
  return new Error(`HTTP cannot listen at port ${port} of ${host}: ${cause.message} (http.${key})`, { cause })
}

/** Who says nothing keeps nobody out: the oldest connection makes room for one too many. */
function makeRoom(http: Server): void {
  const open = new Set<{ destroy(): void }>()
  http.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    const [oldest] = open
    if (open.size > mostConnections) oldest?.destroy()
  })
}
