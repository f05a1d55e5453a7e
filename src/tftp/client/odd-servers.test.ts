import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copyFile } from '../../client/copy-file.ts'
import { isDirectory } from '../../client/make-directory.ts'
import { IncompleteError, NetworkError } from '../../core/error.ts'
import type { Datagrams, Network, Peer } from '../../core/network.ts'
import { parsePath } from '../../core/path.ts'
import type { RemoteStore } from '../../core/remote.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { memoryStore } from '../../stores/memory.ts'
import { put } from '../../testing/conforms-store/case.ts'
import { FakeClock, settle } from '../../testing/fake-clock.ts'
import { tftpWorld } from '../../testing/tftp-world.ts'
import { decodePacket, encodePacket, type Packet } from '../packet.ts'
import { connectTftp, type TftpOptions } from './connect.ts'
import { connectTo, get, nobody, pattern, readAll, seenFrom } from '../../testing/tftp-client.ts'

const path = parsePath

/** A server that answers as a test says. */
class Scripted {
  readonly clock = new FakeClock()
  readonly heard: Packet[] = []
  readonly #network = memoryNetwork()
  #place: Datagrams | undefined
  #client: Peer = { address: '', port: 0 }

  async open(
    answer: (packet: Packet, script: Scripted) => void,
    more: Partial<TftpOptions> = {},
  ): Promise<RemoteStore> {
    this.#place = await this.#network.datagrams({ host: '192.0.2.9', port: 69 }, (bytes, from) => {
      this.#client = from
      const packet = decodePacket(bytes)
      this.heard.push(packet)
      answer(packet, this)
    })
    const network = seenFrom('192.0.2.50', this.#network)
    return connectTftp({ network, clock: this.clock, host: '192.0.2.9', ask: nobody, ...more })
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
    await assert.rejects(async () => {
      await readAll(file)
      await file.close()
    }, IncompleteError)
    await file.abort(new Error('incomplete'))
  }
})

test('a file without end is left as soon as more came than the server told', async () => {
  const script = new Scripted()
  const remote = await script.open((packet) => {
    if (packet.kind === 'request') script.say({ kind: 'oack', options: [{ name: 'tsize', value: '1000' }] })
    else if (packet.kind === 'ack') script.say(block(packet.block + 1, pattern(512)))
  })
  const file = await remote.open(path('/f'), { read: true })
  assert.equal(await file.read(Buffer.alloc(800), 0), 800)
  await assert.rejects(file.read(Buffer.alloc(800), 800), IncompleteError)
  await file.abort(new Error('incomplete'))
})

test('a read fills its buffer where the file comes block by block, as a short one would be taken for the end', async () => {
  for (const options of [[], [{ name: 'tsize', value: '1030' }]]) {
    const script = new Scripted()
    const remote = await script.open((packet) => {
      if (packet.kind === 'request' && options.length > 0) script.say({ kind: 'oack', options })
      else if (packet.kind === 'request') script.say(block(1, pattern(512)))
      else if (packet.kind === 'ack') script.say(block(packet.block + 1, pattern(packet.block < 2 ? 512 : 6)))
    })
    const file = await remote.open(path('/f'), { read: true })
    assert.equal(await file.read(Buffer.alloc(2000), 0), 1030)
    await file.close()
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

test('who says how long a server may be silent is heard in the midst of a transfer too, be it longer or shorter', async () => {
  for (const [seconds, there] of [
    [5, 0],
    [120, 100],
  ] as const) {
    const script = new Scripted()
    const remote = await script.open(
      (packet) => {
        if (packet.kind === 'request') script.say(block(1, pattern(512)))
      },
      { silenceMs: seconds * 1000 },
    )
    const file = await remote.open(path('/f'), { read: true })
    let over = false
    const midway = assert.rejects(readAll(file), { fault: 'timeout' }).then(() => (over = true))
    await settle()
    for (let second = 0; second < there; second += 1) await script.clock.advance(1000)
    assert.equal(over, false)
    for (let second = there; second <= seconds; second += 1) await script.clock.advance(1000)
    await midway
    await file.abort(new Error('failed'))
  }
})

test('a boot loader that hears uploads only is asked for nothing else', async () => {
  const script = new Scripted()
  const remote = await script.open((packet) => {
    if (packet.kind === 'request' && packet.deed === 'write') script.say({ kind: 'ack', block: 0 })
    else if (packet.kind === 'data') script.say({ kind: 'ack', block: packet.block })
  })
  assert.equal(await isDirectory(remote, path('/firmware')), false)
  assert.equal(await isDirectory(remote, path('/')), true)
  const content = memoryStore()
  await put(content, path('/image'), 'new')
  await copyFile({ store: content, path: path('/image') }, { store: remote, path: path('/firmware') })
  assert.deepEqual(
    script.heard.map((packet) => (packet.kind === 'request' ? packet.deed : packet.kind)),
    ['write', 'data'],
  )
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

test('where the machine says that nothing listens, the client does not wait for an answer', async () => {
  const inner = seenFrom('192.0.2.50', memoryNetwork())
  const network: Network = {
    listen: (at, take) => inner.listen(at, take),
    lookup: (name) => inner.lookup(name),
    secure: (conn, how) => inner.secure(conn, how),
    addresses: () => inner.addresses(),
    connect: (to) => inner.connect(to),
    async datagrams(options, receive) {
      const { refused, peer, ...rest } = options
      const place = await inner.datagrams(rest, receive)
      return peer === undefined ? place : { ...place, send: () => refused?.(), close: () => place.close() }
    },
  }
  const clock = new FakeClock()
  const store = await connectTftp({ network, clock, host: '192.0.2.9', ask: nobody })
  const opened = assert.rejects(store.open(path('/x'), { read: true }), {
    fault: 'refused',
    message: /nothing listens/u,
  })
  await clock.advance(4000)
  await opened
  assert.equal(clock.pending, 0)
})
