import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import { networkInterfaces } from 'node:os'
import { after, test, type TestContext } from 'node:test'
import { Worker } from 'node:worker_threads'
import { NetworkError } from '../core/error.ts'
import type { Conn, Peer } from '../core/network.ts'
import { conformsNetwork, type NetworkWorld } from '../testing/conforms-network.ts'
import { breaks, bytesOf, fails, readExactly, readToCut, turns } from '../testing/conforms-network/case.ts'
import { Scene } from '../testing/conforms-network/scene.ts'
import { tcpNetwork } from './tcp.ts'

const linux = process.platform === 'linux'

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ family }) => family === 'IPv6'))

// Listeners that pile up on a socket are told by Node as a warning, once.
const warnings: Error[] = []
process.on('warning', (warning) => warnings.push(warning))
after(() => assert.deepEqual(warnings, []))

conformsNetwork('tcp', world)
if (hasIpv6) conformsNetwork('tcp over IPv6', world, { host: '::1', bulk: 1024 * 1024 })

async function world(): Promise<NetworkWorld> {
  const ends: (() => Promise<unknown>)[] = []
  return {
    network: tcpNetwork(),
    ...(linux && { deaf: () => deafPort(ends) }),
    async end() {
      for (const end of ends) await end()
      await nothingLeft()
    },
  }
}

/** A port of a thread that never accepts, and whose queue is full: on Linux who connects then is not even refused. */
async function deafPort(ends: (() => Promise<unknown>)[]): Promise<Peer> {
  const program = `
    const { parentPort } = require('node:worker_threads')
    const server = require('node:net').createServer().listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
      parentPort.postMessage(server.address().port)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    })`
  const worker = new Worker(program, { eval: true })
  const [port] = (await once(worker, 'message')) as [number]
  const queued = [net.connect(port, '127.0.0.1'), net.connect(port, '127.0.0.1')]
  ends.push(async () => {
    for (const socket of queued) socket.destroy()
    await worker.terminate()
  })
  await Promise.all(queued.map((socket) => once(socket, 'connect')))
  return { address: '127.0.0.1', port }
}

/** Sockets and listeners that keep the process alive. */
function open(): string[] {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'))
}

async function nothingLeft(): Promise<void> {
  for (let tried = 0; tried < 1000 && open().length > 0; tried += 1) await turns(1)
  assert.deepEqual(open(), [])
}

/** A scene that ends with the test, and a listener in it. */
async function listening(context: TestContext, host = '127.0.0.1') {
  const scene = new Scene(tcpNetwork(), host, 0)
  context.after(async () => {
    await scene.end()
    await nothingLeft()
  })
  return { scene, ...(await scene.listen()) }
}

/** A bare socket at the other end of a Conn, for what no Conn would do. */
async function bare(context: TestContext): Promise<readonly [Conn, net.Socket]> {
  const { port, next } = await listening(context)
  const socket = net.connect({ ...port.local, host: port.local.address, allowHalfOpen: true })
  context.after(() => socket.destroy())
  const [conn] = await Promise.all([next(), once(socket, 'connect')])
  await port.close()
  return [conn, socket]
}

test(
  'on a listener of both families IPv4 is written as IPv4',
  { skip: !hasIpv6 && 'no IPv6' },
  async (context) => {
    const { scene, port, next } = await listening(context, '::')
    const near = await scene.connect({ address: '127.0.0.1', port: port.local.port })
    const far = await next()
    assert.equal(far.local.address, '127.0.0.1')
    assert.equal(far.remote.address, '127.0.0.1')
    assert.deepEqual({ ...far.remote }, { ...near.local })
  },
)

test('a local port that someone listens on is in-use', async (context) => {
  const { scene, port } = await listening(context)
  const { port: taken } = await scene.listen()
  const how = { localAddress: '127.0.0.1', localPort: taken.local.port }
  await fails('in-use', scene.connect(port.local, how))
})

test('an address that this machine does not have can neither listen nor connect', async (context) => {
  const { scene, port } = await listening(context)
  await fails('no-such-address', scene.listen({ host: '192.0.2.1' }))
  await fails('no-such-address', scene.connect(port.local, { localAddress: '192.0.2.1' }))
})

test('a name is looked up, IPv4 first, and one that is none is not found', async () => {
  const network = tcpNetwork()
  const [first] = await network.lookup('localhost')
  assert.equal(first, '127.0.0.1')
  await fails('not-found', network.lookup('two..dots'))
})

test('what came before a cut is read, and then the cut, however late one reads', async (context) => {
  const [conn, socket] = await bare(context)
  socket.write('x')
  await readExactly(conn, 1)
  const sent = 3 * 1024 * 1024
  socket.write(new Uint8Array(sent))
  for (let tried = 0; tried < 1000; tried += 1) await turns(1)
  socket.resetAndDestroy()
  await turns(100)
  assert.ok((await readToCut(conn)) <= sent)
  await fails('reset', conn.read())
  await breaks(conn.write(bytesOf('x')))
})

test('peers that cut at once are seen to have cut, and hurt nobody', async (context) => {
  const { scene, port, next } = await listening(context)
  for (let count = 0; count < 100; count += 1) {
    const socket = net.connect({ host: port.local.address, port: port.local.port })
    socket.on('error', () => undefined)
    socket.once('connect', () => socket.resetAndDestroy())
  }
  const near = await scene.connect(port.local)
  for (let far = await next(); far.remote.port !== near.local.port; far = await next()) {
    assert.equal(far.remote.address, '127.0.0.1')
    await assert.rejects(far.read(), NetworkError)
  }
})

test('a peer that had cut its connection before it could be taken is told of', async () => {
  const lost = Promise.withResolvers<string>()
  const port = await tcpNetwork().listen(
    { host: '127.0.0.1', port: 0, lost: () => lost.resolve('lost') },
    () => lost.resolve('taken'),
  )
  const cut = `net.connect(${port.local.port}, '127.0.0.1', function () { this.resetAndDestroy() })`
  // While it runs nobody here can accept.
  spawnSync(process.execPath, ['-e', cut])
  assert.equal(await lost.promise, 'lost')
  await port.close()
})

test('a connection of which nobody takes notice breaks without a word', async (context) => {
  const [conn, socket] = await bare(context)
  socket.resetAndDestroy()
  await turns(50)
  assert.equal(conn.remote.address, '127.0.0.1')
})

test('what has been read takes no memory any more, however much it is', async (context) => {
  const [conn, socket] = await bare(context)
  const block = new Uint8Array(1024 * 1024)
  let left = 100
  const send = (): void => {
    left -= 1
    if (left > 0) socket.write(block, send)
    else socket.end(block)
  }
  const before = process.memoryUsage().arrayBuffers
  send()
  let most = 0
  let size = 0
  for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read()) {
    for (const piece of pieces) size += piece.length
    most = Math.max(most, process.memoryUsage().arrayBuffers - before)
  }
  assert.equal(size, 100 * block.length)
  assert.ok(most < 4 * block.length, `${most} bytes`)
})

test('a data connection tells the same ends as its other side, by an address in any spelling', async () => {
  const network = tcpNetwork()
  const { promise, resolve } = Promise.withResolvers<Conn>()
  const port = await network.listen({ host: '127.0.0.1', port: 0 }, resolve)
  for (const host of ['127.0.0.1', '::ffff:127.0.0.1']) {
    const conn = await network.connect({ host, port: port.local.port, forData: true, timeoutMs: 10_000 })
    const other = await promise
    assert.deepEqual(conn.remote, { address: '127.0.0.1', port: port.local.port })
    assert.equal(conn.local.address, '127.0.0.1')
    if (host === '127.0.0.1') assert.deepEqual(conn.local, other.remote)
    conn.destroy()
    other.destroy()
  }
  await port.close()
})

test('data connections that bring something in the same moment keep it apart', async () => {
  const network = tcpNetwork()
  const letters = ['a', 'b', 'c', 'd']
  const ends: Promise<void>[] = []
  const port = await network.listen({ host: '127.0.0.1', port: 0, forData: true }, (conn) => {
    const letter = letters[ends.length] ?? '?'
    ends.push(conn.write(bytesOf(letter.repeat(1000))).then(() => conn.end()))
  })
  const at = { host: '127.0.0.1', port: port.local.port, forData: true, timeoutMs: 10_000 }
  const conns = await Promise.all(letters.map(() => network.connect(at)))
  const read = await Promise.all(
    conns.map(async (conn) => {
      let text = ''
      for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read()) {
        await turns(3)
        text += Buffer.concat(pieces).toString()
      }
      conn.destroy()
      return text
    }),
  )
  assert.deepEqual(
    read.toSorted(),
    letters.map((letter) => letter.repeat(1000)),
  )
  await Promise.all(ends)
  await port.close()
})
