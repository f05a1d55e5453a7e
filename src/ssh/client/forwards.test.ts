import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { systemClock } from '../../core/clock.ts'
import { NetworkError } from '../../core/error.ts'
import type { Conn, Peer } from '../../core/network.ts'
import { memoryNetwork, type MemoryNetwork } from '../../net/memory.ts'
import { forwardingSsh, type ForwardingSsh } from '../../testing/forwarding-ssh.ts'
import { signers } from '../../testing/ssh-world.ts'
import type { Channel } from '../channel.ts'
import { Writer } from '../wire/writer.ts'
import { connectSsh } from './connect.ts'
import type { SshConnection } from './connection.ts'

interface Place {
  readonly network: MemoryNetwork
  readonly far: ForwardingSsh
  readonly ssh: SshConnection
}

async function place(t: TestContext): Promise<Place> {
  const network = memoryNetwork()
  const came: ForwardingSsh[] = []
  await forwardingSsh(network, 22, (far) => came.push(far))
  const ssh = await connectSsh({
    conn: await network.connect({ host: '192.0.2.1', port: 22, timeoutMs: 1000 }),
    clock: systemClock,
    host: '192.0.2.1',
    port: 22,
    user: 'anna',
    password: 'secret',
    trust: { known: async () => [], check: async () => undefined },
    keys: signers(),
    ask: { secret: async () => undefined, trust: async () => 'no' },
  })
  t.after(() => ssh.end())
  const [far] = came
  assert.ok(far !== undefined)
  return { network, far, ssh }
}

function dial({ network }: Place, port: number): Promise<Conn> {
  return network.connect({
    host: '192.0.2.1',
    port,
    localAddress: '198.51.100.7',
    localPort: 4321,
    timeoutMs: 1000,
  })
}

async function all(conn: Conn): Promise<string> {
  let text = ''
  for (let read = await conn.read(); read !== undefined; read = await conn.read())
    text += Buffer.concat(read).toString()
  return text
}

test('RFC 4254 tcpip-forward: who comes to the port of the server is here, with the address it came from', async (t) => {
  const at = await place(t)
  const came = new Promise<{ channel: Channel; from: Peer }>((resolve) => {
    void at.ssh.listen('', 2121, (channel, from) => resolve({ channel, from }))
  })
  await new Promise((resolve) => setImmediate(resolve))
  const client = await dial(at, 2121)
  await client.write(Buffer.from('hello'))
  await client.end()
  const { channel, from } = await came
  assert.deepEqual(from, { address: '198.51.100.7', port: 4321 })
  assert.equal(await all(channel), 'hello')
  await channel.write(Buffer.from('and good-bye'))
  await channel.end()
  assert.equal(await all(client), 'and good-bye')
})

test('RFC 4254 tcpip-forward: port 0 is any port, and the server says which', async (t) => {
  const at = await place(t)
  const from: Peer[] = []
  const first = await at.ssh.listen('', 0, (_channel, peer) => from.push(peer))
  const second = await at.ssh.listen('', 0, () => undefined)
  assert.notEqual(first.port, 0)
  assert.notEqual(first.port, second.port)
  await (await dial(at, first.port)).end()
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(from.length, 1)
})

test('RFC 4254 tcpip-forward: a port that the server does not open is refused, and the connection lives', async (t) => {
  const at = await place(t)
  at.far.refuses.add(2121)
  await assert.rejects(
    at.ssh.listen('', 2121, () => undefined),
    { name: 'NetworkError', fault: 'refused' },
  )
  at.far.refuses.clear()
  assert.equal((await at.ssh.listen('', 2121, () => undefined)).port, 2121)
  await assert.rejects(
    at.ssh.listen('', 2121, () => undefined),
    { name: 'NetworkError', fault: 'in-use' },
  )
})

test('RFC 4254 cancel-tcpip-forward: a port that is closed is free at the server', async (t) => {
  const at = await place(t)
  const port = await at.ssh.listen('', 2121, () => undefined)
  await (await dial(at, 2121)).end()
  await port.close()
  await assert.rejects(dial(at, 2121), { fault: 'refused' })
  await port.close()
  await at.ssh.listen('', 2121, () => undefined)
})

test('RFC 4254 forwarded-tcpip: refused for a port that was not asked for, and from nowhere', async (t) => {
  const at = await place(t)
  const open = (port: number, from: string) =>
    at.far.channels.start(
      'forwarded-tcpip',
      new Writer().string('').uint32(port).string(from).uint32(4321).done(),
    )
  await assert.rejects(open(2121, '198.51.100.7'), NetworkError)
  const port = await at.ssh.listen('', 2121, () => undefined)
  await assert.rejects(open(2122, '198.51.100.7'), /not allowed here/u)
  await assert.rejects(open(2121, 'UNKNOWN'), /from where it comes is not said/u)
  await assert.rejects(at.far.channels.start('session'), /not allowed here/u)
  await open(2121, '198.51.100.7')
  await port.close()
  await assert.rejects(open(2121, '198.51.100.7'), /not allowed here/u)
  assert.ok(!at.ssh.signal.aborted)
})

test('a lost connection ends what came over it with an error, and never with an end', async (t) => {
  const at = await place(t)
  const came = new Promise<Channel>((resolve) => {
    void at.ssh.listen('', 2121, resolve)
  })
  await new Promise((resolve) => setImmediate(resolve))
  await dial(at, 2121)
  const reading = all(await came)
  at.far.cut()
  await assert.rejects(reading, NetworkError)
  await assert.rejects(
    at.ssh.listen('', 2122, () => undefined),
    NetworkError,
  )
})
