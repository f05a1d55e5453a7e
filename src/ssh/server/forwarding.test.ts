import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Conn, Peer } from '../../core/network.ts'
import { settle } from '../../testing/fake-clock.ts'
import { sshWorld, type SshWorld } from '../../testing/ssh-world.ts'
import type { Channel } from '../channel.ts'

/** Anna may publish on these; bert may not at all. */
const allowed = [
  { first: 2121, last: 2121 },
  { first: 50_000, last: 50_009 },
]

const world = (): Promise<SshWorld> =>
  sshWorld({
    accounts: (home) => [
      { name: 'anna', password: 'secret', home, publish: allowed },
      { name: 'bert', password: 'secret', home },
    ],
  })

function dial({ network }: SshWorld, port: number, from = '198.51.100.7'): Promise<Conn> {
  return network.connect({ host: '192.0.2.1', port, localAddress: from, localPort: 4321, timeoutMs: 1000 })
}

async function all(conn: Conn): Promise<string> {
  let text = ''
  for (let read = await conn.read(); read !== undefined; read = await conn.read())
    text += Buffer.concat(read).toString()
  return text
}

test('RFC 4254 tcpip-forward: who comes to a port that is allowed is at the client, with its address', async () => {
  await using at = await world()
  const ssh = await at.connect()
  const came = Promise.withResolvers<{ channel: Channel; from: Peer }>()
  await ssh.listen('', 2121, (channel, from) => came.resolve({ channel, from }))
  const conn = await dial(at, 2121)
  await conn.write(Buffer.from('hello'))
  await conn.end()
  const { channel, from } = await came.promise
  assert.deepEqual(from, { address: '198.51.100.7', port: 4321 })
  assert.equal(await all(channel), 'hello')
  await channel.write(Buffer.from('and good-bye'))
  await channel.end()
  assert.equal(await all(conn), 'and good-bye')
})

test('RFC 4254 tcpip-forward: any port is one of those that are allowed, and there are no more of them', async () => {
  await using at = await world()
  const ssh = await at.connect()
  const ports = new Set<number>()
  for (let count = 0; count < 11; count += 1) ports.add((await ssh.listen('', 0, () => undefined)).port)
  assert.deepEqual(
    [...ports].toSorted((one, other) => one - other),
    [2121, 50_000, 50_001, 50_002, 50_003, 50_004, 50_005, 50_006, 50_007, 50_008, 50_009],
  )
  await assert.rejects(
    ssh.listen('', 0, () => undefined),
    { fault: 'refused' },
  )
})

test('RFC 4254 tcpip-forward: refused on other ports, at other addresses, and to other accounts', async () => {
  await using at = await world()
  const anna = await at.connect()
  const bert = await at.connect({ user: 'bert' })
  const refused = { name: 'NetworkError', fault: 'refused' }
  for (const [ssh, host, port] of [
    [anna, '', 2122],
    [anna, '', 22],
    [anna, '127.0.0.1', 2121],
    [anna, 'localhost', 2121],
    [bert, '', 2121],
    [bert, '', 0],
  ] as const)
    await assert.rejects(
      ssh.listen(host, port, () => undefined),
      refused,
      `${host} ${port}`,
    )
  await anna.listen('0.0.0.0', 2121, () => undefined)
  await assert.rejects(
    (await at.connect()).listen('', 2121, () => undefined),
    refused,
    'taken',
  )
})

test('RFC 4254 cancel-tcpip-forward: the port is free again; so it is when the connection is over', async () => {
  await using at = await world()
  const ssh = await at.connect()
  const port = await ssh.listen('', 2121, () => undefined)
  await port.close()
  await assert.rejects(dial(at, 2121), { fault: 'refused' })
  await ssh.listen('', 2121, () => undefined)
  await ssh.end()
  await settle()
  await (await at.connect()).listen('', 2121, () => undefined)
})

test('RFC 4254 direct-tcpip: to clients that are connected here, and to nobody else', async () => {
  await using at = await world()
  const ssh = await at.connect()
  await ssh.listen('', 2121, () => undefined)
  const came = Promise.withResolvers<Conn>()
  await at.network.listen({ host: '198.51.100.7', port: 5001 }, came.resolve)
  const notAllowed = { fault: 'refused', message: /only to clients of the ports that are forwarded/u }
  await assert.rejects(ssh.openDirect('198.51.100.7', 5001), notAllowed)
  const client = await dial(at, 2121)
  const back = await ssh.openDirect('198.51.100.7', 5001)
  assert.deepEqual(
    [back.local.address, back.remote.address],
    ['127.0.0.1', '192.0.2.1'],
    'the ends of the connection that it goes through: a jump to the next host says from where it comes',
  )
  await back.write(Buffer.from('data'))
  await back.end()
  const data = await came.promise
  assert.equal(await all(data), 'data')
  assert.equal(data.remote.address, '192.0.2.1', 'from where the client has connected to')
  await data.end()
  await assert.rejects(ssh.openDirect('198.51.100.7', 5002), /nothing listens there/u)
  await assert.rejects(ssh.openDirect('198.51.100.7', 25), notAllowed)
  await assert.rejects(ssh.openDirect('198.51.100.8', 5001), notAllowed)
  await assert.rejects(ssh.openDirect('localhost', 5001), notAllowed)
  client.destroy(new Error('gone'))
  await settle()
  await assert.rejects(ssh.openDirect('198.51.100.7', 5001), notAllowed)
  const bert = await at.connect({ user: 'bert' })
  await assert.rejects(bert.openDirect('198.51.100.7', 5001), /not allowed here/u)
})

test('a cut is a cut on the other side, in both directions, and not the end of a file', async () => {
  await using at = await world()
  const ssh = await at.connect()
  const channels: Channel[] = []
  await ssh.listen('', 2121, (channel) => channels.push(channel))
  const cut = await dial(at, 2121)
  await cut.write(Buffer.from('half of it'))
  await settle()
  cut.destroy(new Error('killed'))
  await assert.rejects(all(channels[0] as Channel), { fault: 'reset' })
  const other = await dial(at, 2121)
  await settle()
  channels[1]?.destroy(new Error('aborted'))
  await assert.rejects(all(other), { fault: 'reset' })
})

test('the end of the SSH connection cuts all that it carried', async () => {
  await using at = await world()
  const ssh = await at.connect()
  await ssh.listen('', 2121, () => undefined)
  const conn = await dial(at, 2121)
  await settle()
  await ssh.end()
  await assert.rejects(all(conn), { fault: 'reset' })
  await settle()
  assert.equal(at.network.open.ports, 1, 'its own')
})
