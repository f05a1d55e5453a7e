import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError, IncompleteError, NetworkError } from '../../core/error.ts'
import type { Datagrams, Network, Peer } from '../../core/network.ts'
import { parsePath } from '../../core/path.ts'
import type { Ask, RemoteFile, RemoteStore } from '../../core/remote.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { FakeClock, settle } from '../../testing/fake-clock.ts'
import { tftpWorld, type TftpWorld } from '../../testing/tftp-world.ts'
import { decodePacket, encodePacket, type Packet } from '../packet.ts'
import { connectTftp, type TftpOptions } from './connect.ts'

const path = parsePath
const nobody: Ask = { secret: async () => undefined, trust: async () => 'no' }

/** The network as seen from one machine of it. */
function seenFrom(address: string, network: Network): Network {
  return {
    listen: (options, accept) => network.listen(options, accept),
    connect: (options) => network.connect(options),
    secure: (conn, how) => network.secure(conn, how),
    addresses: () => [address],
    lookup: (host) => network.lookup(host),
    datagrams: ({ port }, receive) => network.datagrams({ host: address, port }, receive),
  }
}

function connectTo(world: TftpWorld, more: Partial<TftpOptions> = {}): Promise<RemoteStore> {
  const network = seenFrom('192.0.2.50', world.network)
  return connectTftp({ network, clock: world.clock, host: '192.0.2.1', ask: nobody, ...more })
}

async function readAll(file: RemoteFile): Promise<Buffer> {
  const pieces: Buffer[] = []
  for (let at = 0; ;) {
    const piece = Buffer.alloc(1000)
    const count = await file.read(piece, at)
    if (count === 0) return Buffer.concat(pieces)
    pieces.push(piece.subarray(0, count))
    at += count
  }
}

async function get(remote: RemoteStore, name: string): Promise<Buffer> {
  const file = await remote.open(path(name), { read: true })
  const bytes = await readAll(file)
  await file.close()
  return bytes
}

function pattern(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 0xff))
}

for (const size of [0, 1, 511, 512, 513, 1428, 100_000]) {
  test(`a file of ${size} bytes comes and goes whole, with and without options`, async () => {
    await using world = await tftpWorld({ write: 'new' })
    await world.put('/f', pattern(size))
    for (const how of [{}, { blockSize: 512, window: 1 }, { blockSize: 512, window: 4 }]) {
      const remote = await connectTo(world, how)
      const file = await remote.open(path('/f'), { read: true })
      assert.deepEqual(await readAll(file), pattern(size))
      await file.close()
      // Our server keeps the size of an empty file to itself, as curl trips over it.
      assert.equal(file.completeness, size === 0 ? 'unproven' : 'proven')
      const name = `/up-${JSON.stringify(how)}`
      const up = await remote.open(path(name), { write: true, create: 'allow', expected: size })
      await up.write([pattern(size).subarray(0, 300), pattern(size).subarray(300)], 0)
      await up.close()
      assert.equal(up.completeness, 'proven')
      assert.deepEqual(await world.get(name), pattern(size))
      await remote.end()
    }
    await world.clock.advance(10_000) // the server's last ACKs linger
    assert.equal(world.network.openDatagrams, 2)
  })
}

test('stat tells the size by tsize, and the server does not take it for a download that failed', async () => {
  await using world = await tftpWorld()
  await world.put('/f', pattern(5000))
  const remote = await connectTo(world)
  const { size, kind } = await remote.stat(path('/f'))
  assert.deepEqual([size, kind], [5000, 'file'])
  assert.equal((await remote.stat(path('/'))).kind, 'directory')
  const file = await remote.open(path('/f'), { read: true })
  assert.equal((await file.stat()).size, 5000)
  await readAll(file)
  await file.close()
  await remote.end()
  assert.deepEqual(remote.capabilities(), ['tsize=5000', 'blksize=1428', 'windowsize=64'])
})

test('who reads as much as stat has told ends well, without reading on', async () => {
  await using world = await tftpWorld()
  await world.put('/f', pattern(1428 * 3))
  const remote = await connectTo(world)
  const file = await remote.open(path('/f'), { read: true })
  const bytes = Buffer.alloc(1428 * 3)
  for (let at = 0; at < bytes.length;) at += await file.read(bytes.subarray(at), at)
  await file.close()
  assert.equal(file.completeness, 'proven')
  assert.deepEqual(bytes, pattern(1428 * 3))
  await remote.end()
  assert.equal(world.told('download').at(-1)?.outcome, 'complete')
})

test('what the server refuses becomes the error of the file, with its code and its words', async () => {
  await using world = await tftpWorld({ write: 'new' })
  await world.put('/f', pattern(10))
  const remote = await connectTo(world)
  await assert.rejects(remote.open(path('/nothing'), { read: true }), (error) => {
    assert.ok(error instanceof FileError)
    assert.equal(error.fault, 'not-found')
    assert.equal(error.facts.code, 1)
    return true
  })
  await assert.rejects(remote.open(path('/f'), { write: true, create: 'allow' }), { fault: 'exists' })
  await assert.rejects(remote.stat(path('/nothing')), { fault: 'not-found' })
})

test('what TFTP does not have is unsupported', async () => {
  await using world = await tftpWorld()
  await world.put('/f', pattern(10))
  const remote = await connectTo(world)
  const unsupported = { fault: 'unsupported' }
  await assert.rejects(remote.list(path('/'))[Symbol.asyncIterator]().next(), unsupported)
  await assert.rejects(remote.remove(path('/f')), unsupported)
  await assert.rejects(remote.mkdir(path('/d')), unsupported)
  await assert.rejects(remote.rename(path('/f'), path('/g'), true), unsupported)
  await assert.rejects(remote.open(path('/f'), { write: true, from: 5 }), unsupported)
  await assert.rejects(remote.hash(path('/f'), 'md5'), unsupported)
  const file = await remote.open(path('/f'), { read: true })
  assert.equal(await file.read(Buffer.alloc(5), 3), 5)
  await assert.rejects(file.read(Buffer.alloc(5), 3), unsupported)
  await file.abort(new Error('enough'))
})

test('netascii by setting, and by RFC 3617 in the path', async () => {
  await using world = await tftpWorld({ write: 'new' })
  await world.put('/f', Buffer.from('a\nb\r'))
  const remote = await connectTo(world)
  const file = await remote.open(path('/f;mode=netascii'), { read: true })
  assert.equal((await readAll(file)).toString(), 'a\nb\r')
  await file.close()
  assert.equal(file.completeness, 'unproven')
  const up = await remote.open(path('/g;mode=netascii'), { write: true })
  await up.write([Buffer.from('x\ny\r')], 0)
  await up.close()
  assert.equal((await world.get('/g'))?.toString(), 'x\ny\r')
})

test('a reader that is slow holds the server back, and memory stays small', async () => {
  await using world = await tftpWorld()
  await world.put('/f', pattern(4_000_000))
  const remote = await connectTo(world)
  const file = await remote.open(path('/f'), { read: true })
  await settle()
  const bytes = await readAll(file)
  await file.close()
  assert.equal(Buffer.compare(bytes, pattern(4_000_000)), 0)
})

test('who stops is heard by the server, in both directions', async () => {
  await using world = await tftpWorld({ write: 'new' })
  await world.put('/f', pattern(100_000))
  const stopping = new AbortController()
  const remote = (await connectTo(world)).under(stopping.signal)
  const file = await remote.open(path('/f'), { read: true })
  const up = await remote.open(path('/g'), { write: true })
  await up.write([pattern(5000)], 0)
  stopping.abort()
  await assert.rejects(file.read(Buffer.alloc(10), 0), { fault: 'aborted' })
  await settle()
  assert.equal(world.told('download').at(-1)?.outcome, 'incomplete')
  assert.equal(await world.get('/g'), undefined)
  assert.equal(world.network.openDatagrams, 2)
})

/** A server that answers as a test says. */
class Scripted {
  readonly clock = new FakeClock()
  readonly heard: Packet[] = []
  readonly #network = memoryNetwork()
  #place: Datagrams | undefined
  #client: Peer = { address: '', port: 0 }

  async open(answer: (packet: Packet, script: Scripted) => void): Promise<RemoteStore> {
    this.#place = await this.#network.datagrams({ host: '192.0.2.9', port: 69 }, (bytes, from) => {
      this.#client = from
      const packet = decodePacket(bytes)
      this.heard.push(packet)
      answer(packet, this)
    })
    const network = seenFrom('192.0.2.50', this.#network)
    return connectTftp({ network, clock: this.clock, host: '192.0.2.9', ask: nobody })
  }

  say(packet: Packet): void {
    this.#place?.send(encodePacket(packet), this.#client)
  }

  async sayFrom(port: number, packet: Packet): Promise<void> {
    const other = await this.#network.datagrams({ host: '192.0.2.9', port }, (bytes) =>
      this.heard.push(decodePacket(bytes)),
    )
    other.send(encodePacket(packet), this.#client)
    await settle()
    await other.close()
  }
}

function block(number: number, bytes: Uint8Array): Packet {
  return { kind: 'data', block: number, bytes }
}

test('a server that refuses options, or ignores them, is asked plainly', async () => {
  for (const code of [0, 4, 8]) {
    const script = new Scripted()
    const remote = await script.open((packet) => {
      if (packet.kind !== 'request') return
      if (packet.options.length > 0) script.say({ kind: 'error', code, text: 'no options' })
      else script.say(block(1, pattern(100)))
    })
    assert.deepEqual(await get(remote, '/f'), pattern(100))
  }
  const ignoring = new Scripted()
  const remote = await ignoring.open((packet) => {
    if (packet.kind === 'request') ignoring.say(block(1, pattern(512)))
    else if (packet.kind === 'ack' && packet.block === 1) ignoring.say(block(2, pattern(3)))
  })
  assert.equal((await remote.stat(path('/f'))).size, 515)
  const file = await remote.open(path('/f'), { read: true })
  await assert.rejects(file.stat(), { fault: 'unsupported' })
  assert.equal((await readAll(file)).length, 515)
  await file.close()
  assert.equal(file.completeness, 'unproven')
})

test('an OACK that says what was not asked ends with error 8, and the file comes without options', async () => {
  for (const option of [
    { name: 'blksize', value: '8192' },
    { name: 'surprise', value: '1' },
    { name: 'windowsize', value: 'many' },
  ]) {
    const script = new Scripted()
    const remote = await script.open((packet) => {
      if (packet.kind !== 'request') return
      if (packet.options.length > 0) script.say({ kind: 'oack', options: [option] })
      else script.say(block(1, pattern(9)))
    })
    assert.deepEqual(await get(remote, '/f'), pattern(9))
    assert.ok(script.heard.some((packet) => packet.kind === 'error' && packet.code === 8))
  }
})

test('a size that does not agree is told as incomplete, shorter or longer', async () => {
  for (const told of [90, 110]) {
    const script = new Scripted()
    const remote = await script.open((packet) => {
      if (packet.kind === 'request')
        script.say({ kind: 'oack', options: [{ name: 'tsize', value: String(told) }] })
      else if (packet.kind === 'ack' && packet.block === 0) script.say(block(1, pattern(100)))
    })
    const file = await remote.open(path('/f'), { read: true })
    await readAll(file)
    await assert.rejects(file.close(), IncompleteError)
    await file.abort(new Error('incomplete'))
  }
})

test('a server that stops midway is a failure, and never a short file', async () => {
  const script = new Scripted()
  const remote = await script.open((packet) => {
    if (packet.kind === 'request') script.say(block(1, pattern(512)))
    else if (packet.kind === 'ack') script.say({ kind: 'error', code: 0, text: 'the disk broke' })
  })
  const file = await remote.open(path('/f'), { read: true })
  await assert.rejects(readAll(file), { fault: 'failed', message: 'the disk broke' })
  await file.abort(new Error('failed'))
})

test('a server that falls silent midway is given up, with a hint, and so is one that never spoke', async () => {
  const script = new Scripted()
  const remote = await script.open((packet) => {
    if (packet.kind === 'request' && packet.name === 'f') script.say(block(1, pattern(512)))
  })
  const file = await remote.open(path('/f'), { read: true })
  const midway = assert.rejects(readAll(file), { name: 'NetworkError', fault: 'timeout' })
  await script.clock.advance(400_000)
  await midway
  await file.abort(new Error('failed'))
  const silent = assert.rejects(remote.open(path('/g'), { read: true }), (error) => {
    assert.ok(error instanceof NetworkError)
    assert.match(error.facts.hint ?? '', /firewall/)
    return true
  })
  await settle()
  await script.clock.advance(31_000)
  await silent
  const asked = script.heard.filter((packet) => packet.kind === 'request' && packet.name === 'g')
  assert.ok(asked.some((packet) => packet.kind === 'request' && packet.options.length === 0))
})

test('a stranger is told so with error 5, and the transfer goes on', async () => {
  const script = new Scripted()
  const remote = await script.open((packet) => {
    if (packet.kind === 'request') script.say(block(1, pattern(512)))
    else if (packet.kind === 'ack' && packet.block === 1) {
      void script.sayFrom(4000, block(2, Buffer.from('wrong'))).then(() => script.say(block(2, pattern(7))))
    }
  })
  assert.equal((await get(remote, '/f')).length, 519)
  assert.ok(script.heard.some((packet) => packet.kind === 'error' && packet.code === 5))
})

test('the last ACK is said again when the last block comes once more', async () => {
  const script = new Scripted()
  const remote = await script.open((packet) => {
    if (packet.kind === 'request') script.say(block(1, pattern(7)))
  })
  await get(remote, '/f')
  script.say(block(1, pattern(7)))
  await settle()
  const acks = script.heard.filter(({ kind }) => kind === 'ack')
  assert.equal(acks.length, 2)
  await remote.end()
})

test('where packets were lost the end waits for the last block to come again, and not long', async () => {
  const script = new Scripted()
  const remote = await script.open((packet) => {
    if (packet.kind === 'request') script.say(block(1, pattern(512)))
    // The first ACK is lost, as the server sees it.
    else if (script.heard.filter(({ kind }) => kind === 'ack').length === 2) script.say(block(2, pattern(5)))
  })
  const got = get(remote, '/f')
  await settle()
  await script.clock.advance(1000)
  assert.equal((await got).length, 517)
  let over = false
  const ended = remote.end().then(() => (over = true))
  await script.clock.advance(1000)
  assert.equal(over, false)
  script.say(block(2, pattern(5)))
  await settle()
  assert.equal(script.heard.filter((packet) => packet.kind === 'ack' && packet.block === 2).length, 2)
  await script.clock.advance(600)
  await ended
})

test('who begins in the middle gets the rest, as what stands before is dropped', async () => {
  await using world = await tftpWorld()
  await world.put('/f', pattern(200_000))
  const remote = await connectTo(world)
  const file = await remote.open(path('/f'), { read: true, from: 150_000 })
  const rest = Buffer.alloc(60_000)
  let filled = 0
  for (let count = 1; count > 0; filled += count)
    count = await file.read(rest.subarray(filled), 150_000 + filled)
  await file.close()
  assert.equal(filled, 50_000)
  assert.deepEqual(rest.subarray(0, filled), pattern(200_000).subarray(150_000))
  const short = await remote.open(path('/f'), { read: true })
  assert.equal(await short.read(Buffer.alloc(5), 300_000), 0)
  await short.close()
})

test('a server that is silent about options is asked with them once only, and an empty OACK is one', async () => {
  const script = new Scripted()
  const remote = await script.open((packet) => {
    if (packet.kind === 'request' && packet.options.length === 0) script.say(block(1, pattern(9)))
  })
  const got = get(remote, '/f')
  await settle()
  await script.clock.advance(8000)
  assert.deepEqual(await got, pattern(9))
  assert.deepEqual(await get(remote, '/g'), pattern(9))
  const requests = script.heard.filter(({ kind }) => kind === 'request')
  assert.equal(requests.length, 5)
  const empty = new Scripted()
  const other = await empty.open((packet) => {
    if (packet.kind === 'request') empty.say({ kind: 'oack', options: [] })
    else if (packet.kind === 'ack' && packet.block === 0) empty.say(block(1, pattern(9)))
  })
  assert.deepEqual(await get(other, '/f'), pattern(9))
})

test('the rate of an account holds for TFTP, for all its transfers together', async () => {
  await using world = await tftpWorld({}, { rules: { rate: { download: 100_000 } } })
  await world.put('/f', pattern(200_000))
  const remote = await connectTo(world)
  let over = 0
  for (const got of [get(remote, '/f'), get(remote, '/f')]) void got.then(() => (over += 1))
  await world.clock.advance(3000)
  assert.equal(over, 0)
  await world.clock.advance(3000)
  assert.equal(over, 2)
  // The pauses made the client ask again, as for packets that are lost: its end waits a moment.
  const ended = remote.end()
  await world.clock.advance(2000)
  await ended
})
