import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blockPool } from '../../core/blocks.ts'
import { systemClock, type Clock } from '../../core/clock.ts'
import { NetworkError, ProtocolError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { writeHello } from '../wire/hello.ts'
import { Messages } from '../wire/messages.ts'
import { status, writeReply, type Answer } from '../wire/reply.ts'
import { readRequest } from '../wire/request.ts'
import { takeData, takeHandle, takeOk, takePath } from './answers.ts'
import { Link } from './link.ts'
import { SftpServer } from './server.ts'

const blocks = blockPool(300_000, 1_000_000)

/** A client, and what answers its requests in order once it is told to. */
async function pair(
  clock: Clock = systemClock,
): Promise<{ server: SftpServer; answer: (answer: Answer) => Promise<void> }> {
  const network = memoryNetwork()
  const at = { host: '192.0.2.1', port: 22 }
  const accepted = Promise.withResolvers<Conn>()
  await network.listen(at, accepted.resolve)
  const conn = await network.connect({ ...at, timeoutMs: 1000 })
  const far = await accepted.promise
  const messages = new Messages(far, blocks, 300_000)
  const link = new Link({ conn, clock, blocks, silenceMs: 30_000 })
  const greeting = link.greet()
  await messages.next()
  await far.write(writeHello('server', { version: 3, extensions: [] }))
  return {
    server: new SftpServer(link, await greeting),
    async answer(answer) {
      const message = await messages.next()
      assert.ok(message !== undefined)
      await far.write(writeReply(readRequest(message.bytes).id, answer))
    },
  }
}

test('data that comes behind the end of its read is put nowhere: the memory may be another transfer’s by then', async () => {
  const { server, answer } = await pair()
  const control = new AbortController()
  const into = new Uint8Array(4)
  const asked = { handle: 'h', offset: 0, length: into.length }
  const reading = server.ask('read', asked, takeData('/file', into), control.signal)
  control.abort()
  await assert.rejects(reading, /called off/)
  await answer({ kind: 'data', data: Uint8Array.of(1, 2, 3, 4) })
  const next = server.ask('realpath', { path: '.' }, takePath('.'))
  await answer({ kind: 'name', names: [{ name: '/', longname: '/', attributes: {} }] })
  assert.equal(await next, '/')
  assert.deepEqual(into, new Uint8Array(4))
  await server.link.end()
})

test('a server that gives two open files one handle is left, for what is written to one would go into the other', async () => {
  const { server, answer } = await pair()
  const opening = (path: string) => server.ask('open', { path, flags: 2, attributes: {} }, takeHandle(path))
  const [first, second] = [opening('/a'), opening('/b')]
  const refused = assert.rejects(second, ProtocolError)
  await answer({ kind: 'handle', handle: '1' })
  await answer({ kind: 'handle', handle: '1' })
  assert.equal(await first, '1')
  await refused
  assert.ok(server.link.failure instanceof ProtocolError)
})

test('a server that copies for an hour is waited for, and one that owes anything else is not', async () => {
  const clock = new FakeClock()
  const { server, answer } = await pair(clock)
  const asked = { from: 'a', offset: 0, length: 0, to: 'b', at: 0 }
  const copying = server.extended('copy-data', asked, takeOk('/b'))
  await clock.advance(3_600_000)
  assert.equal(server.link.failure, undefined)
  await answer({ kind: 'status', code: status.ok, message: '', language: '' })
  await copying
  const looking = assert.rejects(server.ask('realpath', { path: '.' }, takePath('.')), NetworkError)
  await clock.advance(31_000)
  await looking
})
