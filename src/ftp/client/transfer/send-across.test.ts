import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../../core/clock.ts'
import { FileError, IncompleteError } from '../../../core/error.ts'
import type { Conn } from '../../../core/network.ts'
import { parsePath } from '../../../core/path.ts'
import type { RemoteStore } from '../../../core/remote.ts'
import { memoryNetwork, type MemoryNetwork } from '../../../net/memory.ts'
import { connectFtp } from '../connect.ts'

/** A server that keeps one file in a variable, and answers as its script says. */
async function server(
  network: MemoryNetwork,
  host: string,
  file: { bytes: Uint8Array },
  replies: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const heard: string[] = []
  let passive: Promise<Conn> | undefined
  let goTo: { host: string; port: number } | undefined
  const data = async (): Promise<Conn> =>
    goTo === undefined
      ? ((await passive) as Conn)
      : network.connect({ ...goTo, localAddress: host, timeoutMs: 1000 })
  const usual: Readonly<Record<string, () => Promise<readonly string[]>>> = {
    SIZE: async () => [`213 ${file.bytes.length}`],
    PASV: async () => {
      goTo = undefined
      const { promise, resolve } = Promise.withResolvers<Conn>()
      passive = promise
      const { local } = await network.listen({ host, port: 0 }, resolve)
      return [`227 (${host.replaceAll('.', ',')},${local.port >> 8},${local.port & 255})`]
    },
  }
  const transfers: Readonly<Record<string, (conn: Conn) => Promise<void>>> = {
    async RETR(conn) {
      await conn.write(file.bytes)
      await conn.end()
    },
    async STOR(conn) {
      const parts: Buffer[] = []
      for (;;) {
        const pieces = await conn.read()
        if (pieces === undefined) break
        parts.push(Buffer.concat(pieces))
      }
      file.bytes = Buffer.concat(parts)
    },
  }
  const converse = async (conn: Conn): Promise<void> => {
    const say = (line: string): Promise<void> => conn.write(Buffer.from(`${line}\r\n`))
    await say('220 hello')
    const carry = async (move: (to: Conn) => Promise<void>): Promise<void> => {
      await move(await data())
      await say('226 done')
    }
    for (;;) {
      const pieces = await conn.read()
      if (pieces === undefined) return
      for (const line of Buffer.concat(pieces).toString().trim().split('\r\n')) {
        const [verb = '', argument = ''] = line.split(' ')
        heard.push(line)
        const scripted = replies[verb]
        if (scripted !== undefined) {
          await say(scripted)
          continue
        }
        const move = transfers[verb]
        if (verb === 'PORT') {
          const numbers = argument.split(',').map(Number)
          const [high = 0, low = 0] = numbers.slice(4)
          goTo = { host: numbers.slice(0, 4).join('.'), port: high * 256 + low }
        }
        if (move !== undefined) {
          await say('150 here')
          void carry(move).catch(gone)
        } else for (const reply of (await usual[verb]?.()) ?? ['200 fine']) await say(reply)
      }
    }
  }
  await network.listen({ host, port: 21 }, (conn) => void converse(conn).catch(gone))
  return heard
}

/** The client may leave in the middle: that is what is tested. */
function gone(): void {}

function client(network: MemoryNetwork, host: string): Promise<RemoteStore> {
  const ask = { secret: async () => 'secret', trust: async () => 'no' as const }
  return connectFtp({ network, clock: systemClock, host, user: 'anna', ask })
}

const login = { USER: '230 in', PWD: '257 "/"', FEAT: '211 none' }
const file = parsePath('/file')

void test('RFC 959 §2.3: one server sends to the other, and no byte comes here', async () => {
  const network = memoryNetwork()
  const there = { bytes: new Uint8Array(0) }
  const heardA = await server(network, '192.0.2.1', { bytes: Buffer.from('content') }, login)
  const heardB = await server(network, '192.0.2.2', there, login)
  const [a, b] = await Promise.all([client(network, '192.0.2.1'), client(network, '192.0.2.2')])
  await a.send?.(file, b, file)
  assert.equal(Buffer.from(there.bytes).toString(), 'content')
  assert.ok(heardA.some((line) => line.startsWith('PORT 192,0,2,2,')))
  assert.ok(heardB.includes('STOR /file'))
  await Promise.all([a.end(), b.end()])
})

void test('where the sender goes nowhere the receiver goes to it', async () => {
  const network = memoryNetwork()
  const there = { bytes: new Uint8Array(0) }
  const refusing = { ...login, PORT: '500 illegal PORT' }
  await server(network, '192.0.2.1', { bytes: Buffer.from('content') }, refusing)
  const heardB = await server(network, '192.0.2.2', there, login)
  const [a, b] = await Promise.all([client(network, '192.0.2.1'), client(network, '192.0.2.2')])
  await a.send?.(file, b, file)
  assert.equal(Buffer.from(there.bytes).toString(), 'content')
  assert.ok(heardB.some((line) => line.startsWith('PORT 192,0,2,1,')))
  await Promise.all([a.end(), b.end()])
})

void test('where neither connects to a third it is unsupported, and both sessions live', async () => {
  const network = memoryNetwork()
  const refusing = { ...login, PORT: '500 illegal PORT' }
  await server(network, '192.0.2.1', { bytes: Buffer.from('content') }, refusing)
  const heardB = await server(network, '192.0.2.2', { bytes: new Uint8Array(0) }, refusing)
  const [a, b] = await Promise.all([client(network, '192.0.2.1'), client(network, '192.0.2.2')])
  await assert.rejects(
    async () => a.send?.(file, b, file),
    (error) => error instanceof FileError && error.fault === 'unsupported',
  )
  assert.ok(!heardB.some((line) => line.startsWith('STOR')))
  await b.remove(file)
  await Promise.all([a.end(), b.end()])
})

void test('a receiver that refuses the file is heard, whatever the sender waits for', async () => {
  const network = memoryNetwork()
  await server(network, '192.0.2.1', { bytes: Buffer.from('content') }, login)
  const refusing = { ...login, STOR: '553 Permission denied.' }
  await server(network, '192.0.2.2', { bytes: new Uint8Array(0) }, refusing)
  const [a, b] = await Promise.all([client(network, '192.0.2.1'), client(network, '192.0.2.2')])
  await assert.rejects(
    async () => a.send?.(file, b, file),
    (error) => error instanceof FileError && error.fault === 'denied',
  )
  await Promise.all([a.end(), b.end()])
})

void test('what nobody tells the size of is not proven, and what changed meanwhile is no file', async () => {
  const modified = {
    get MDTM() {
      times += 1
      return `213 2026010112000${times}`
    },
  }
  let times = 0
  for (const [replies, expected] of [
    [login, 'proven'],
    [{ ...login, SIZE: '502 no SIZE' }, 'unproven'],
    [Object.assign(Object.create(modified) as typeof login, login), 'changed'],
  ] as const) {
    const network = memoryNetwork()
    const there = { bytes: new Uint8Array(0) }
    await server(network, '192.0.2.1', { bytes: Buffer.from('content') }, replies)
    await server(network, '192.0.2.2', there, login)
    const [a, b] = await Promise.all([client(network, '192.0.2.1'), client(network, '192.0.2.2')])
    const sent = await a.send?.(file, b, file).catch((thrown: unknown) => {
      assert.ok(thrown instanceof IncompleteError)
      return thrown.facts.anew === true ? 'changed' : thrown.message
    })
    assert.equal(sent, expected)
    await Promise.all([a.end(), b.end()])
  }
})
