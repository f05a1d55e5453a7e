import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { systemClock } from '../../src/core/clock.ts'
import type { Peer } from '../../src/core/network.ts'
import { tcpNetwork } from '../../src/net/tcp.ts'
import { connectSsh } from '../../src/ssh/client/connect.ts'
import { signerOf } from '../../src/ssh/private-key.ts'
import { signers } from '../../src/testing/ssh-world.ts'
import { noSshd, SshdPlace } from './ssh/sshd-place.ts'

test(
  'RFC 4254 tcpip-forward: OpenSSH listens for us, hands over who comes, and stops when told to',
  { skip: noSshd },
  async (t) => {
    await using place = await SshdPlace.open('GatewayPorts=clientspecified')
    const ssh = await connectSsh({
      conn: await tcpNetwork().connect({ host: '127.0.0.1', port: place.port, timeoutMs: 10_000 }),
      clock: systemClock,
      host: '127.0.0.1',
      port: place.port,
      user: place.user,
      trust: { known: async () => [], check: async () => undefined },
      keys: signers(signerOf(place.key)),
      ask: { secret: async () => undefined, trust: async () => 'no' },
    })
    t.after(() => ssh.end())
    const from: Peer[] = []
    const port = await ssh.listen('', 0, (channel, peer) => {
      from.push(peer)
      void channel.write(Buffer.from('from behind')).then(() => channel.end())
    })
    const socket = connect(port.port, '127.0.0.1')
    let heard = ''
    for await (const piece of socket) heard += String(piece)
    assert.equal(heard, 'from behind')
    assert.deepEqual(
      from.map(({ address }) => address),
      ['127.0.0.1'],
    )
    // Taken by somebody else already, which sshd tells by a bare no.
    await assert.rejects(
      ssh.listen('127.0.0.1', place.port, () => undefined),
      { fault: 'refused' },
    )
    await port.close()
    const refused = await new Promise((resolve) => {
      connect(port.port, '127.0.0.1').once('error', resolve).once('connect', resolve)
    })
    assert.match(String(refused), /ECONNREFUSED/u)
  },
)
