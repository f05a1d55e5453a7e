import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { rootPath } from '../../core/path.ts'
import { namesIn } from '../../testing/conforms-store/case.ts'
import { settle } from '../../testing/fake-clock.ts'
import { tftpWorld, type Heard } from '../../testing/tftp-world.ts'

/** Packets in short: `data1:512`, `oack blksize=8`, `error1`. */
function brief(heard: readonly Heard[]): string {
  return heard
    .map(({ packet }) => {
      switch (packet.kind) {
        case 'data':
          return `data${packet.block}:${packet.bytes.length}`
        case 'ack':
          return `ack${packet.block}`
        case 'error':
          return `error${packet.code}`
        case 'oack':
          return `oack ${packet.options.map(({ name, value }) => `${name}=${value}`).join(' ')}`
        case 'request':
          return 'request'
      }
    })
    .join(' ')
}

const block = (number: number, size: number) =>
  ({ kind: 'data', block: number, bytes: Buffer.alloc(size, number) }) as const

test('RFC 1350 RRQ: the file comes block by block from a port of its own, at the address that was asked', async () => {
  await using world = await tftpWorld()
  await world.put('/f', Buffer.alloc(1024, 7))
  for (const address of ['192.0.2.50', '2001:db8::50']) {
    const talk = await world.client(address)
    const first = await talk.ask('read', 'f')
    assert.equal(brief(first), 'data1:512')
    assert.equal(first[0]?.from.address, address === '192.0.2.50' ? '192.0.2.1' : '2001:db8::1')
    assert.notEqual(first[0]?.from.port, 69)
    assert.equal(brief(await talk.ack(1)), 'data2:512')
    assert.equal(brief(await talk.ack(2)), 'data3:0')
    assert.equal(brief(await talk.ack(3)), '')
  }
  assert.deepEqual(
    world.told('download').map(({ bytes, outcome, account }) => [bytes, outcome, account]),
    [
      [1024, 'complete', 'tftp'],
      [1024, 'complete', 'tftp'],
    ],
  )
  assert.equal(world.network.openDatagrams, 4, 'two listeners and two clients')
})

test('an empty file that is fetched is told of', async () => {
  await using world = await tftpWorld()
  await world.put('/f', Buffer.alloc(0))
  const talk = await world.client()
  assert.equal(brief(await talk.ask('read', 'f')), 'data1:0')
  await talk.ack(1)
  assert.deepEqual(
    world.told('download').map(({ bytes, outcome }) => [bytes, outcome]),
    [[0, 'complete']],
  )
})

test('RFC 7440 RRQ: a window at once, and from the lost block on again', async () => {
  await using world = await tftpWorld()
  await world.put('/f', Buffer.alloc(100, 7))
  const talk = await world.client()
  assert.equal(
    brief(await talk.ask('read', 'f', { blksize: '16', windowsize: '4', tsize: '0' })),
    'oack blksize=16 windowsize=4 tsize=100',
  )
  assert.equal(brief(await talk.ack(0)), 'data1:16 data2:16 data3:16 data4:16')
  assert.equal(brief(await talk.ack(2)), 'data3:16 data4:16 data5:16 data6:16')
  assert.equal(brief(await talk.ack(6)), 'data7:4')
  assert.equal(brief(await talk.ack(7)), '')
})

test('RFC 1350 ERROR: missing files, directories, modes, uploads and nonsense have their codes', async () => {
  await using world = await tftpWorld()
  await world.put('/f', Buffer.alloc(1))
  const talk = await world.client()
  assert.equal(brief(await talk.ask('read', 'missing')), 'error1')
  assert.equal(brief(await talk.ask('read', '/')), 'error2')
  assert.equal(brief(await talk.ask('read', 'f', {}, 'mail')), 'error4')
  assert.equal(brief(await talk.ask('write', 'new')), 'error2')
  assert.equal(brief(await talk.sayRaw(Buffer.from('\0\u0001name without end'))), 'error4')
  assert.equal(brief(await talk.sayRaw(Buffer.from('\0\u0009what'))), 'error4')
  assert.equal(brief(await talk.sayRaw(Buffer.from([0, 5, 0, 0, 0]))), '', 'an ERROR is not answered')
  assert.equal(brief(await talk.sayRaw(Buffer.from([0, 4, 0, 1]))), '', 'nor is a stray ACK')
})

test('backslashes are slashes, and no name leads out of the home', async () => {
  await using world = await tftpWorld()
  await world.home.mkdir('/boot' as never)
  await world.put('/boot/f', Buffer.alloc(3))
  for (const name of ['boot\\f', '\\boot\\f', '/boot/f', '../../boot/f', 'boot/../boot/./f', '..\\boot\\f']) {
    const talk = await world.client()
    assert.equal(brief(await talk.ask('read', name)), 'data1:3', name)
    await talk.ack(1)
  }
  const talk = await world.client()
  assert.equal(brief(await talk.ask('read', '../../../etc/passwd')), 'error1')
  assert.equal(brief(await talk.ask('read', 'C:\\boot\\f')), 'error1')
})

test('names of 64 KiB, and options without end, are refused or dropped in one datagram', async () => {
  await using world = await tftpWorld({ write: 'new' })
  await world.put('/f', Buffer.alloc(3))
  const talk = await world.client()
  const long = Buffer.alloc(65_000, 'n')
  assert.equal(brief(await talk.sayRaw(Buffer.concat([Buffer.from([0, 1]), long]))), 'error4')
  const named = Buffer.concat([Buffer.from([0, 2]), long, Buffer.from('\0octet\0')])
  assert.equal(brief(await talk.sayRaw(named)), 'error4')
  const options = 'x\x001\0'.repeat(200)
  assert.equal(brief(await talk.sayRaw(Buffer.from(`\0\u0001f\0octet\0${options}`))), 'data1:3')
})

test('a peer that never answers is sent one datagram, whatever it asked for, and holds nothing for long', async () => {
  await using world = await tftpWorld()
  await world.put('/f', Buffer.alloc(100_000))
  for (const options of [{}, { windowsize: '64', blksize: '1428' }] as const) {
    const talk = await world.client()
    assert.equal((await talk.ask('read', 'f', options)).length, 1)
    await world.clock.advance(14_000)
    assert.equal((await talk.heard()).length, 0)
    assert.equal((await talk.ask('read', 'f', options)).length, 1, 'one more when it asks again')
    await world.clock.advance(60_000)
    assert.equal((await talk.heard()).length, 0)
  }
  assert.equal(world.network.openDatagrams, 4, 'two listeners and two clients')
})

test('OACK and ERROR are at most three times the request', async () => {
  await using world = await tftpWorld()
  await world.put('/f', Buffer.alloc(100_000))
  const requests = [
    '\0\u0001f\0octet\0tsize\x000\0blksize\x0099999\0windowsize\x0065535\0timeout\x009\0',
    '\0\u0001x\0octet\0',
    '\0\u0002x\0octet\0', // its text alone would be longer
    '\0\u0009ab',
    '\0\u0001ab',
  ]
  for (const request of requests) {
    const talk = await world.client()
    const [heard] = await talk.sayRaw(Buffer.from(request))
    assert.ok(heard !== undefined && heard.size <= 3 * request.length, `${heard?.size} to ${request.length}`)
  }
})

test('the firmware that asks for the size and stops is a probe, and no failed download', async () => {
  await using world = await tftpWorld()
  await world.put('/f', Buffer.alloc(1000))
  const talk = await world.client()
  await talk.ask('read', 'f', { tsize: '0' })
  await talk.say({ kind: 'error', code: 8, text: 'User aborted the transfer' })
  assert.deepEqual(world.told('download'), [])
  assert.match(world.told('closed')[0]?.reason ?? '', /\/f and wanted only to know/u)
})

test('a client that stops, or falls silent, leaves an incomplete download', async () => {
  await using world = await tftpWorld()
  await world.put('/f', Buffer.alloc(2000))
  const one = await world.client()
  await one.ask('read', 'f')
  await one.ack(1)
  await one.say({ kind: 'error', code: 3, text: 'flash full' })
  const two = await world.client()
  await two.ask('read', 'f')
  await two.ack(1)
  await world.clock.advance(60_000)
  assert.deepEqual(
    world.told('download').map(({ outcome, reason }) => [outcome, reason?.replace(/\d+ s/u, 'N s')]),
    [
      ['incomplete', 'the client stopped: error 3, flash full'],
      ['incomplete', 'no answer came for N s'],
    ],
  )
})

test('RFC 1350 TID: a stranger is told so, and the transfer goes on', async () => {
  await using world = await tftpWorld()
  await world.put('/f', Buffer.alloc(600))
  const talk = await world.client()
  const [first] = await talk.ask('read', 'f')
  const stranger = await world.client('192.0.2.66')
  const [refused] = await stranger.say({ kind: 'ack', block: 1 }, first?.from)
  assert.equal(brief(refused === undefined ? [] : [refused]), 'error5')
  assert.ok((refused?.size ?? 99) <= 12, 'no more than three times what came')
  assert.equal(brief(await stranger.say({ kind: 'error', code: 5, text: '' }, first?.from)), '')
  assert.equal(brief(await talk.ack(1)), 'data2:88')
})

test('RFC 1350 WRQ: new files are taken where that is allowed, and nothing is overwritten', async () => {
  await using world = await tftpWorld({ write: 'new' })
  const talk = await world.client()
  assert.equal(brief(await talk.ask('write', 'f')), 'ack0')
  assert.equal(brief(await talk.say(block(1, 512))), 'ack1')
  assert.equal(await world.get('/f'), undefined, 'half a file is not there')
  assert.equal(brief(await talk.say(block(2, 10))), 'ack2')
  assert.equal((await world.get('/f'))?.length, 522)
  assert.equal(brief(await talk.say(block(2, 10))), 'ack2', 'the last ACK lingers')
  const again = await world.client()
  assert.equal(brief(await again.ask('write', 'f')), 'error6')
  assert.deepEqual(
    world.told('upload').map(({ bytes, outcome }) => [bytes, outcome]),
    [[522, 'complete']],
  )
})

test('RFC 1350 WRQ: with replace the old file stays until the new one is whole', async () => {
  await using world = await tftpWorld({ write: 'replace' })
  await world.put('/f', Buffer.from('old'))
  const talk = await world.client()
  await talk.ask('write', 'f', { windowsize: '2', blksize: '8' })
  assert.equal(brief(await talk.say(block(1, 8))), '')
  assert.equal(brief(await talk.say(block(2, 8))), 'ack2')
  await world.clock.advance(60_000)
  assert.equal((await world.get('/f'))?.toString(), 'old')
  assert.equal(world.told('upload')[0]?.outcome, 'incomplete')
  const next = await world.client()
  await next.ask('write', 'f')
  await next.say(block(1, 1))
  assert.equal((await world.get('/f'))?.length, 1)
})

test('an upload that is shorter than its tsize is not kept', async () => {
  await using world = await tftpWorld({ write: 'new' })
  const talk = await world.client()
  assert.equal(brief(await talk.ask('write', 'f', { tsize: '100' })), 'oack tsize=100')
  assert.equal(brief(await talk.say(block(1, 99))), 'error0')
  assert.equal(await world.get('/f'), undefined)
})

test('what came of an upload that broke off is not kept, as no client of TFTP can go on with it', async () => {
  await using world = await tftpWorld({ write: 'new' })
  const talk = await world.client()
  await talk.ask('write', 'f')
  await talk.say(block(1, 512))
  await talk.say({ kind: 'error', code: 3, text: 'battery empty' })
  assert.equal(world.told('upload')[0]?.outcome, 'incomplete')
  assert.deepEqual(await namesIn(world.home, rootPath), [])
})

test('RFC 1350 netascii: line ends are changed both ways', async () => {
  await using world = await tftpWorld({ write: 'new' })
  await world.put('/f', Buffer.from('a\nb\r'))
  const talk = await world.client()
  const [heard] = await talk.ask('read', 'f', { tsize: '0' }, 'netascii')
  assert.equal(heard?.packet.kind === 'data' && Buffer.from(heard.packet.bytes).toString(), 'a\r\nb\r\0')
  const other = await world.client()
  await other.ask('write', 'g', {}, 'netascii')
  await other.say({
    kind: 'data',
    block: 1,
    bytes: Buffer.concat([Buffer.alloc(511, 'x'), Buffer.from('\r')]),
  })
  await other.say({ kind: 'data', block: 2, bytes: Buffer.from('\n') })
  assert.equal((await world.get('/g'))?.toString().slice(-2), 'x\n')
})

test('one port is enough, for many at once', async () => {
  await using world = await tftpWorld({ ports: 'single', write: 'new' })
  await world.put('/f', Buffer.alloc(600))
  const talks = [await world.client(), await world.client(), await world.client('2001:db8::7')]
  for (const talk of talks) assert.equal((await talk.ask('read', 'f'))[0]?.from.port, 69)
  for (const talk of talks) assert.equal(brief(await talk.ack(1)), 'data2:88')
  for (const talk of talks) await talk.ack(2)
  assert.equal(world.told('download').filter(({ outcome }) => outcome === 'complete').length, 3)
})

test('transfers stay in the ports that were set', async () => {
  await using world = await tftpWorld({ ports: { first: 4000, last: 4001 } })
  await world.put('/f', Buffer.alloc(600))
  const ports: number[] = []
  for (let client = 0; client < 3; client += 1) {
    const talk = await world.client()
    ports.push(...(await talk.ask('read', 'f')).map(({ from }) => from.port))
  }
  assert.deepEqual(
    ports.toSorted((a, b) => a - b),
    [4000, 4001],
  )
})

test('too many transfers are not answered, so that a boot ROM asks again', async () => {
  await using world = await tftpWorld({ transfers: 3, transfersPerAddress: 2 })
  await world.put('/f', Buffer.alloc(600))
  const answers: number[] = []
  for (const address of ['192.0.2.7', '192.0.2.7', '192.0.2.7', '192.0.2.8', '192.0.2.9']) {
    const talk = await world.client(address)
    answers.push((await talk.ask('read', 'f')).length)
  }
  assert.deepEqual(answers, [1, 1, 0, 1, 0])
  assert.equal(world.told('turned-away').length, 2)
})

test('a device that begins anew from the same port gets a new transfer', async () => {
  await using world = await tftpWorld()
  await world.put('/f', Buffer.alloc(2000))
  await world.put('/g', Buffer.alloc(5))
  const talk = await world.client('192.0.2.50', 2070)
  await talk.ask('read', 'f')
  assert.equal(brief(await talk.ack(1)), 'data2:512')
  assert.equal(brief(await talk.ask('read', 'f')), '', 'an echo of its request')
  assert.equal(brief(await talk.ask('read', 'g')), 'data1:5')
})

test('whose address has no account is refused', async () => {
  await using world = await tftpWorld()
  const talk = await world.client('198.51.100.1')
  const asked = talk.ask('read', 'f')
  await settle()
  await world.clock.advance(2000)
  assert.equal(brief([...(await asked), ...(await talk.heard())]), 'error2')
  assert.equal(world.told('login-failed').length, 1)
})

test('a server that is stopped lets transfers end, and ends those that do not', async () => {
  await using world = await tftpWorld()
  await world.put('/f', Buffer.alloc(600))
  const one = await world.client()
  const two = await world.client()
  await one.ask('read', 'f')
  await two.ask('read', 'f')
  const stopped = world.server.drain(5000)
  assert.equal(brief(await one.ack(1)), 'data2:88')
  await one.ack(2)
  const late = await world.client()
  assert.equal(brief(await late.ask('read', 'f')), '')
  await world.clock.advance(5000)
  await stopped
  assert.equal(brief(await two.heard()), 'error0')
  assert.deepEqual(
    world.told('download').map(({ outcome }) => outcome),
    ['complete', 'incomplete'],
  )
})

test('addresses that come later are listened on, and those that go are let go', async () => {
  await using world = await tftpWorld()
  assert.equal(world.network.openDatagrams, 2)
  world.addresses.push('192.0.2.2')
  await world.clock.advance(10_000)
  assert.equal(world.network.openDatagrams, 3)
  world.addresses.splice(0, 2)
  await world.clock.advance(10_000)
  assert.equal(world.network.openDatagrams, 1)
})

test('whatever comes, to the port or into a transfer, the server stands and gives everything back', async () => {
  for (const ports of ['any', 'single'] as const) {
    await using world = await tftpWorld({ ports, write: 'replace' })
    await world.put('/f', Buffer.alloc(5000))
    const names = fc.constantFrom(
      '\0\u0001f\0octet\0',
      '\0\u0002g\0octet\0',
      '\0\u0001f\0netascii\0blksize\x0099\0',
    )
    const noise = fc
      .tuple(fc.integer({ min: 0, max: 7 }), fc.uint8Array({ maxLength: 600 }))
      .map(([code, rest]) => Buffer.from([0, code, ...rest]))
    const datagram = fc.oneof(
      names.map((text) => Buffer.from(text)),
      noise,
    )
    for (const script of fc.sample(fc.array(datagram, { maxLength: 12 }), { numRuns: 40, seed: 5 })) {
      const talk = await world.client()
      for (const bytes of script) {
        const heard = await talk.sayRaw(bytes)
        if (heard.length > 0) await talk.sendRaw(bytes)
      }
    }
    await world.clock.advance(600_000)
    const clients = 40
    assert.equal(world.network.openDatagrams, 2 + clients)
  }
})
