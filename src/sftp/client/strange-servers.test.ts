import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blockPool } from '../../core/blocks.ts'
import { systemClock } from '../../core/clock.ts'
import { FileError, NetworkError, ProtocolError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import { parsePath, rootPath } from '../../core/path.ts'
import type { RemoteStore } from '../../core/remote.ts'
import type { Entry } from '../../core/store.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { sshWorld } from '../../testing/ssh-world.ts'
import type { Channel } from '../../ssh/channel.ts'
import { writeHello } from '../wire/hello.ts'
import { Messages } from '../wire/messages.ts'
import type { Name } from '../wire/names.ts'
import type { Pair } from '../wire/pairs.ts'
import { status, writeReply, type Answer } from '../wire/reply.ts'
import { readRequest, type SftpRequest } from '../wire/request.ts'
import { connectSftp } from './connect.ts'
import { openSftp } from './remote.ts'

const failed = (code: number, message = ''): Answer => ({ kind: 'status', code, message, language: '' })
const ok = failed(status.ok)
const named = (name: string, longname = ''): Name => ({ name, longname, attributes: {} })

/** What each server here answers with, where its test says nothing else. */
function usual({ kind }: SftpRequest): Answer {
  if (kind === 'realpath') return { kind: 'name', names: [named('/')] }
  if (kind === 'opendir' || kind === 'open') return { kind: 'handle', handle: 'h' }
  return kind === 'close' ? ok : failed(status.endOfFile)
}

/** A client of a server that answers as it is told to. */
async function clientOf(
  answer: (request: SftpRequest) => Answer | undefined,
  more: { readonly extensions?: readonly Pair[]; readonly version?: string } = {},
): Promise<RemoteStore> {
  const network = memoryNetwork()
  const at = { host: '192.0.2.1', port: 22 }
  const serve = async (conn: Conn): Promise<void> => {
    const messages = new Messages(conn, blockPool(300_000, 1_000_000), 300_000)
    await messages.next()
    await conn.write(writeHello('server', { version: 3, extensions: more.extensions ?? [] }))
    for (let message = await messages.next(); message !== undefined; message = await messages.next()) {
      const request = readRequest(message.bytes)
      assert.ok(request.kind !== 'unknown')
      await conn.write(writeReply(request.id, answer(request) ?? usual(request)))
    }
  }
  await network.listen(at, (conn) => void serve(conn))
  const conn = await network.connect({ ...at, timeoutMs: 1000 })
  return openSftp({ conn, clock: systemClock, url: 'sftp://192.0.2.1/', mostListed: 100, ...more })
}

/** Answers READDIR with these parts, then with the end. */
function listing(...parts: readonly (readonly Name[])[]): (request: SftpRequest) => Answer | undefined {
  const left = [...parts]
  return ({ kind }) => {
    const names = kind === 'readdir' ? left.shift() : undefined
    return names === undefined ? undefined : { kind: 'name', names }
  }
}

function extendedBy(answer: Answer): (request: SftpRequest) => Answer | undefined {
  return ({ kind }) => (kind === 'extended' ? answer : undefined)
}

async function listed(store: RemoteStore): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const batch of store.list(rootPath)) entries.push(...batch)
  return entries
}

test('a server that says nothing to our hello is silent, and nobody has stopped it', async () => {
  const clock = new FakeClock()
  const heard = Promise.withResolvers<void>()
  const world = await sshWorld({
    services: {
      sftp: async (channel) => {
        await channel.read()
        heard.resolve()
        await channel.read()
        return 0
      },
    },
  })
  const ssh = await world.connect()
  const conn = await ssh.openSubsystem('sftp')
  const opening = assert.rejects(
    openSftp({ conn, clock, url: 'sftp://192.0.2.1/', silenceMs: 30_000 }),
    (thrown) => thrown instanceof NetworkError && thrown.fault === 'timeout',
  )
  await heard.promise
  await clock.advance(31_000)
  await opening
  await world.server.close()
})

test('a server that says nothing to our hello is left when somebody says so', async () => {
  const control = new AbortController()
  const services = {
    sftp: async (channel: Channel) => {
      await channel.read()
      control.abort()
      await channel.read()
      return 0
    },
  }
  const world = await sshWorld({ services })
  const connecting = connectSftp({
    network: world.network,
    clock: systemClock,
    host: '192.0.2.1',
    port: 22,
    user: 'anna',
    ask: { secret: async () => 'secret', trust: async () => 'once' },
    signal: control.signal,
  })
  await assert.rejects(connecting, NetworkError)
  await world.server.close()
})

test('a listing without end is left, though it tells no name that counts', async () => {
  const dots: Answer = { kind: 'name', names: [named('.'), named('..')] }
  const store = await clientOf(({ kind }) => (kind === 'readdir' ? dots : undefined))
  await assert.rejects(listed(store), /listing of \/ has more than 100 names/u)
  await store.end()
})

test('a listing as long as may be is whole', async () => {
  const hundred = Array.from({ length: 100 }, (_, at) => named(`f${at}`))
  const store = await clientOf(listing(hundred.slice(0, 50), hundred.slice(50)))
  assert.equal((await listed(store)).length, 100)
  await store.end()
})

test('a directory is one though no attribute tells: in a listing by the line of ls, alone by being opened', async () => {
  const kinds = ['drwxr-xr-x 1 a a', '-rw-r--r-- 1 a a', 'lrwxrwxrwx 1 a a', 'prw-r--r-- 1 a a', 'not a line']
  const names = kinds.map((line, at) => named(`f${at}`, line))
  const bare: Answer = { kind: 'attrs', attributes: { size: 4 } }
  const list = listing(names)
  const store = await clientOf((request) => {
    if (request.kind === 'stat') return bare
    if (request.kind === 'opendir' && request.path === '/file')
      return failed(status.failure, 'Not a directory')
    return list(request)
  })
  const found = (await listed(store)).map(({ kind }) => kind)
  assert.deepEqual(found, ['directory', 'file', 'link', 'other', 'file'])
  assert.equal((await store.stat(parsePath('/directory'))).kind, 'directory')
  assert.equal((await store.stat(parsePath('/file'))).kind, 'file')
  await store.end()
})

test('a server that announces limits and does not tell them is one without', async () => {
  const extensions = [{ name: 'limits@openssh.com', data: '1' }]
  const store = await clientOf(extendedBy(failed(status.unsupported)), { extensions })
  assert.equal(store.home, '/')
  await store.end()
  await assert.rejects(clientOf(extendedBy({ kind: 'handle', handle: 'h' }), { extensions }), ProtocolError)
})

test('what a server says of a failure is told as part of a sentence, and not without end', async () => {
  for (const [said, told] of [
    ['Failure', 'failure'],
    ['I/O error', 'I/O error'],
    ['E'.repeat(10_000), 'E'.repeat(500)],
  ] as const) {
    const store = await clientOf(({ kind }) =>
      kind === 'readdir' ? failed(status.permissionDenied, said) : undefined,
    )
    await assert.rejects(listed(store), (thrown) => thrown instanceof FileError && thrown.message === told)
    await store.end()
  }
})

test('names that lead elsewhere are left out, and counted for who must know', async () => {
  const bad = ['../evil', '/etc/evil', '', 'a\0b'].map((name) => named(name))
  const good = [named('.'), named('..'), named('good')]
  const store = await clientOf(listing([...bad, ...good], [], good))
  assert.deepEqual(
    (await listed(store)).map(({ name }) => name),
    ['good'],
  )
  assert.equal(store.under(new AbortController().signal).unread?.(rootPath), 4)
  assert.equal((await listed(store)).length, 1)
  assert.equal(store.unread?.(rootPath), 0)
  await store.end()
})

test('an upload is no success where the server kept the end of the file that was there before', async () => {
  const path = parsePath('/file')
  for (const [size, from, fails] of [
    [10, 0, true],
    [4, 0, false],
    [10, 6, false],
    [10, 5, true],
  ] as const) {
    const attrs: Answer = { kind: 'attrs', attributes: { size, mode: 0o100644 } }
    const store = await clientOf(({ kind }) =>
      kind === 'stat' || kind === 'fstat' ? attrs : kind === 'write' || kind === 'fsetstat' ? ok : undefined,
    )
    const file = await store.open(path, { write: true, create: 'allow', truncate: true, from })
    await file.write([Uint8Array.of(1, 2, 3, 4)], from)
    if (fails) await assert.rejects(file.close(), /kept bytes of the file that was there/u)
    else await file.close()
    await store.end()
  }
})

test('a link is named first where the server wants that, and one made the other way round is no success', async () => {
  const path = parsePath('/folder/link')
  for (const [version, linkFirst, told] of [
    ['SSH-2.0-OpenSSH_9.2', false, 'as asked'],
    ['SSH-2.0-Go', false, 'as asked'],
    ['SSH-2.0-AsyncSSH_2.10.1', true, 'as asked'],
    ['SSH-2.0-ssh2js1.17.0', true, 'as asked'],
    ['SSH-2.0-Erlang/4.15.2', true, 'as asked'],
    ['SSH-2.0-Twisted', true, 'as asked'],
    ['SSH-2.0-Unheard_1', true, 'the other way round'],
  ] as const) {
    let made = ''
    const store = await clientOf(
      (request) => {
        if (request.kind === 'symlink') {
          made = linkFirst ? request.target : request.path
          return ok
        }
        if (request.kind !== 'lstat') return undefined
        return request.path === made
          ? { kind: 'attrs', attributes: { mode: 0o120777 } }
          : failed(status.noSuchFile)
      },
      { version },
    )
    const linking = store.link(path, 'target', 'symbolic')
    if (told === 'as asked') await linking
    else await assert.rejects(linking, /the other way round/u)
    assert.equal(made === path, told === 'as asked', version)
    await store.end()
  }
})

/** One file that cannot be cut: `FSETSTAT` fails, as at Twisted's server. */
function uncut(bytes: string) {
  let file = Buffer.from(bytes)
  const answer = (request: SftpRequest): Answer | undefined => {
    if (request.kind === 'fsetstat') return failed(status.failure, 'fsetstat failed')
    if (request.kind === 'fstat' || request.kind === 'stat')
      return { kind: 'attrs', attributes: { size: file.length, mode: 0o100644 } }
    if (request.kind !== 'write') return undefined
    const end = request.offset + request.data.length
    const grown = Buffer.concat([file, Buffer.alloc(Math.max(0, end - file.length))])
    grown.set(request.data, request.offset)
    file = grown
    return ok
  }
  return { answer, text: () => file.toString() }
}

test('an upload goes on before the end of a file that the server does not cut, where all of it is written over', async () => {
  const there = uncut('old and longer')
  const client = await clientOf(there.answer)
  const file = await client.open(parsePath('/f'), { write: true, create: 'allow', truncate: true, from: 4 })
  await file.write([Buffer.from('and now longer')], 4)
  await file.close()
  assert.equal(there.text(), 'old and now longer')
  await client.end()
})

test('what a server does not cut and nobody writes over is seen as the upload ends', async () => {
  const there = uncut('old and longer')
  const client = await clientOf(there.answer)
  const file = await client.open(parsePath('/f'), { write: true, create: 'allow', truncate: true, from: 4 })
  await file.write([Buffer.from('new')], 4)
  await assert.rejects(file.close(), /kept bytes of the file that was there before/u)
  await client.end()
})
