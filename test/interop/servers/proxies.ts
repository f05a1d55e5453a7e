import { createServer, connect, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import type { TestContext } from 'node:test'

/** A proxy on loopback for one test. */
export interface TestProxy {
  readonly port: number
  /** Each place it was asked to connect to. */
  readonly asked: readonly string[]
}

/** What a proxy insists on, and whom it refuses. */
export interface ProxyRules {
  readonly login?: string
  readonly refuses?: boolean
}

/** SOCKS 5 (RFC 1928, RFC 1929): CONNECT by name or address. */
export async function socksProxy(t: TestContext, rules: ProxyRules = {}): Promise<TestProxy> {
  return start(t, async (client, asked) => {
    const read = reader(client)
    const [, count = 0] = await read(2)
    const methods = await read(count)
    const wanted = rules.login === undefined ? 0 : 2
    if (!methods.includes(wanted)) return void client.end(Buffer.from([5, 255]))
    client.write(Buffer.from([5, wanted]))
    if (rules.login !== undefined) {
      const [, userLength = 0] = await read(2)
      const user = (await read(userLength)).toString()
      const [passwordLength = 0] = await read(1)
      const right = `${user}:${(await read(passwordLength)).toString()}` === rules.login
      client.write(Buffer.from([1, right ? 0 : 1]))
      if (!right) return void client.end()
    }
    const [, , , kind] = await read(4)
    const name = kind === 1 ? await read(4) : await read((await read(1))[0] ?? 0)
    const host = kind === 1 ? [...name].join('.') : name.toString()
    const port = (await read(2)).readUInt16BE()
    asked.push(`${host}:${port}`)
    if (rules.refuses === true) return void client.end(Buffer.from([5, 2, 0, 1, 0, 0, 0, 0, 0, 0]))
    const far = await reach(host, port)
    client.write(Buffer.from([5, far === undefined ? 5 : 0, 0, 1, 0, 0, 0, 0, 0, 0]))
    if (far !== undefined) join(client, far)
  })
}

/** HTTP CONNECT (RFC 9110 §9.3.6). */
export async function httpProxy(t: TestContext, rules: ProxyRules = {}): Promise<TestProxy> {
  return start(t, async (client, asked) => {
    const read = reader(client)
    let head = ''
    while (!head.endsWith('\r\n\r\n')) head += (await read(1)).toString('latin1')
    const [, place = ''] = /^CONNECT (\S+) HTTP/u.exec(head) ?? []
    const wanted = rules.login === undefined ? undefined : Buffer.from(rules.login).toString('base64')
    if (wanted !== undefined && !head.includes(`Proxy-Authorization: Basic ${wanted}\r\n`))
      return void client.end('HTTP/1.1 407 Login first\r\nProxy-Authenticate: Basic\r\n\r\n')
    asked.push(place)
    if (rules.refuses === true) return void client.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    const at = place.lastIndexOf(':')
    const far = await reach(place.slice(0, at), Number(place.slice(at + 1)))
    if (far === undefined) return void client.end('HTTP/1.1 502 Nobody there\r\n\r\n')
    client.write('HTTP/1.1 200 Go on\r\n\r\n')
    join(client, far)
  })
}

async function start(
  t: TestContext,
  serve: (client: Socket, asked: string[]) => Promise<void>,
): Promise<TestProxy> {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  const server: Server = createServer((client) => {
    sockets.add(client)
    client.setNoDelay(true).on('error', () => client.destroy())
    serve(client, asked).catch(() => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return { port: typeof address === 'object' && address !== null ? address.port : 0, asked }
}

/** Exact reads; what is behind them stays in the socket. */
function reader(client: Socket): (count: number) => Promise<Buffer> {
  return async (count) => {
    if (count === 0) return Buffer.alloc(0)
    for (;;) {
      const bytes = client.read(count) as Buffer | null
      if (bytes !== null) return bytes
      if (client.readableEnded) throw new Error('the client has gone')
      await once(client, 'readable')
    }
  }
}

async function reach(host: string, port: number): Promise<Socket | undefined> {
  const far = connect({ host, port, noDelay: true, allowHalfOpen: true })
  try {
    await once(far, 'connect')
    return far
  } catch {
    return undefined
  }
}

function join(client: Socket, far: Socket): void {
  far.on('error', () => client.destroy())
  client.on('close', () => far.destroy())
  client.pipe(far)
  far.pipe(client)
}
