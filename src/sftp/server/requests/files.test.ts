import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { parsePath as path, type Path } from '../../../core/path.ts'
import type { OpenFile, Opening } from '../../../core/store.ts'
import { PassingStore } from '../../../policy/passing.ts'
import { memoryStore } from '../../../stores/memory.ts'
import { get, put } from '../../../testing/conforms-store/case.ts'
import { SftpTalk } from '../../../testing/sftp-talk.ts'
import { SftpWorld } from '../../../testing/sftp-world.ts'
import { writeExtended } from '../../wire/extension.ts'
import { status } from '../../wire/reply.ts'
import { writeRequest } from '../../wire/request.ts'

async function world() {
  const made = new SftpWorld()
  const talk = new SftpTalk(await made.dial())
  await talk.greet()
  const leave = async (): Promise<void> => {
    await talk.conn.end()
    await made.over()
  }
  return { home: made.home, talk, leave }
}

test('a file of which a write was refused is not complete, and the old one stays', async () => {
  const { home, talk, leave } = await world()
  await put(home, path('/a'), 'old')
  const handle = await talk.open('/a', 'write', 'create', 'truncate')
  const data = Buffer.from('new')
  assert.equal(await talk.outcome({ kind: 'write', handle, offset: 2 ** 53 - 1, data }), status.failure)
  assert.equal(await talk.outcome({ kind: 'close', handle }), status.failure)
  assert.equal(await get(home, path('/a')), 'old')
  await leave()
})

test('what is open is changed by its handle also after this session has renamed it, and not what took its name', async () => {
  const { home, talk, leave } = await world()
  await home.mkdir(path('/d'))
  await put(home, path('/d/a'), 'first')
  const handle = await talk.open('/d/a', 'read', 'write')
  assert.equal(await talk.outcome({ kind: 'rename', from: '/d/a', to: '/d/b' }), status.ok)
  await put(home, path('/d/a'), 'second')
  assert.equal(await talk.outcome({ kind: 'rename', from: '/d', to: '/e' }), status.ok)
  assert.equal(await talk.outcome({ kind: 'fsetstat', handle, attributes: { size: 2 } }), status.ok)
  assert.equal(await talk.outcome({ kind: 'close', handle }), status.ok)
  assert.deepEqual([await get(home, path('/e/a')), await get(home, path('/e/b'))], ['second', 'fi'])
  await leave()
})

test('FSETSTAT leaves alone the file that took the place of the open one, whoever put it there', async () => {
  for (const uploads of ['in-place', 'atomic'] as const) {
    const made = new SftpWorld({ account: { uploads } })
    const talk = new SftpTalk(await made.dial())
    await talk.greet()
    for (const name of ['/a', '/b', '/c']) await put(made.home, path(name), `contents of ${name}`)
    const first = await talk.open('/a', 'write')
    const second = await talk.open('/c', 'write')
    const renamed = writeExtended('posix-rename@openssh.com', { from: '/b', to: '/a' })
    const name = 'posix-rename@openssh.com'
    assert.equal(await talk.outcome({ kind: 'extended', name, data: renamed }), status.ok)
    await made.home.remove(path('/c'))
    const cut = (handle: string) => talk.outcome({ kind: 'fsetstat', handle, attributes: { size: 0 } })
    assert.equal(await cut(first), status.noSuchFile)
    assert.equal(await cut(second), status.noSuchFile)
    const upload = await talk.open('/a', 'write', 'create', 'truncate')
    assert.equal(await cut(upload), status.ok)
    await made.home.remove(path('/a'))
    assert.equal(await cut(upload), uploads === 'atomic' ? status.ok : status.noSuchFile)
    await put(made.home, path('/a'), 'contents of /b')
    assert.equal(await cut(upload), uploads === 'atomic' ? status.ok : status.noSuchFile)
    assert.equal(await get(made.home, path('/a')), 'contents of /b')
    await talk.conn.end()
    await made.over()
  }
})

/** Notes how files are opened behind all rules. */
class Noting extends PassingStore {
  readonly ways: Opening[] = []
  looks = 0

  override stat(...asked: Parameters<PassingStore['stat']>): ReturnType<PassingStore['stat']> {
    this.looks += 1
    return super.stat(...asked)
  }

  override async open(path: Path, how: Opening): Promise<OpenFile> {
    this.ways.push(how)
    return super.open(path, how)
  }
}

test('uploads are written beside the thread that decrypts them, whatever rules are between', async () => {
  const home = new Noting(memoryStore())
  const made = new SftpWorld({ home })
  const talk = new SftpTalk(await made.dial())
  await talk.greet()
  for (const name of ['/new', '/new', '/old']) {
    const handle = await talk.open(name, 'write', 'create', 'truncate')
    await talk.outcome({ kind: 'write', handle, offset: 0, data: Buffer.from('x') })
    assert.equal(await talk.outcome({ kind: 'close', handle }), status.ok)
  }
  const appending = await talk.open('/old', 'write', 'append')
  assert.equal(await talk.outcome({ kind: 'close', handle: appending }), status.ok)
  home.looks = 0
  assert.equal(await talk.outcome({ kind: 'close', handle: await talk.open('/old', 'read') }), status.ok)
  assert.equal(home.looks, 0, 'who reads is asked for by nothing but the opening')
  assert.deepEqual(
    home.ways.filter(({ write }) => write === true).map(({ apart }) => apart),
    [true, true, true, true],
  )
  await talk.conn.end()
  await made.over()
})

test('what is appended to a file that was cut, or made longer, follows its end', async () => {
  const made = new SftpWorld()
  const talk = new SftpTalk(await made.dial())
  await talk.greet()
  const handle = await talk.open('/log', 'write', 'create', 'append')
  const append = async (text: string): Promise<void> => {
    assert.equal(await talk.outcome({ kind: 'write', handle, offset: 0, data: Buffer.from(text) }), status.ok)
  }
  await append('a long line')
  assert.equal(await talk.outcome({ kind: 'fsetstat', handle, attributes: { size: 0 } }), status.ok)
  await append('b')
  assert.equal(await talk.outcome({ kind: 'fsetstat', handle, attributes: { size: 3 } }), status.ok)
  await append('c')
  await append('d')
  assert.equal(await talk.outcome({ kind: 'close', handle }), status.ok)
  assert.equal(await get(made.home, path('/log')), 'b\0\0cd')
  await talk.conn.end()
  await made.over()
})

/** Its files take a turn of the event loop for each read, and two for each write, as those of a disk may. */
class Slow extends PassingStore {
  override async open(path: Path, how: Opening): Promise<OpenFile> {
    const file = await super.open(path, how)
    return {
      stat: () => file.stat(),
      read: (into, at) => setImmediate().then(() => file.read(into, at)),
      async write(pieces, at) {
        await setImmediate()
        await setImmediate()
        await file.write(pieces, at)
      },
      close: () => file.close(),
      abort: (reason) => file.abort(reason),
    }
  }
}

test('draft-ietf-secsh-filexfer-02 §6.1: a look among writes sees those before it, and none behind it', async () => {
  const home = new Slow(memoryStore())
  const made = new SftpWorld({ home })
  const talk = new SftpTalk(await made.dial())
  await talk.greet()
  await put(home, path('/file'), '----')
  const handle = await talk.open('/file', 'read', 'write')
  const write = (offset: number, data: string) =>
    ({ kind: 'write', handle, offset, data: Buffer.from(data) }) as const
  const read = { kind: 'read', handle, offset: 0, length: 100 } as const
  const asked = [
    read,
    write(0, 'a'),
    write(3, 'b'),
    read,
    { kind: 'fstat', handle } as const,
    write(1, 'c'),
    write(4, 'longer'),
    read,
    read,
    write(0, 'd'),
  ]
  const ids = asked.map((_, index) => 1000 + index)
  const bytes = asked.flatMap((request, index) => writeRequest({ ...request, id: 1000 + index }))
  await talk.conn.write(Buffer.concat(bytes))
  const heard = new Map<number, string | number | undefined>()
  for (const _ of asked) {
    const reply = await talk.heard()
    if (reply.kind === 'data') heard.set(reply.id, Buffer.from(reply.data).toString())
    else if (reply.kind === 'attrs') heard.set(reply.id, reply.attributes.size)
    else heard.set(reply.id, reply.kind)
  }
  const done = 'status'
  const whole = 'ac-blonger'
  assert.deepEqual(
    ids.map((id) => heard.get(id)),
    ['----', done, done, 'a--b', 4, done, done, whole, whole, done],
  )
  assert.equal(await talk.outcome({ kind: 'close', handle }), status.ok)
  assert.equal(await get(home, path('/file')), 'dc-blonger')
  await talk.conn.end()
  await made.over()
})

test('a file that is open twice has one order for both', async () => {
  const home = new Slow(memoryStore())
  const made = new SftpWorld({ home })
  const talk = new SftpTalk(await made.dial())
  await talk.greet()
  await put(home, path('/file'), '--')
  const writing = await talk.open('/file', 'write')
  const reading = await talk.open('/file', 'read')
  const write = (offset: number, data: string) =>
    ({ kind: 'write', handle: writing, offset, data: Buffer.from(data) }) as const
  const read = { kind: 'read', handle: reading, offset: 0, length: 100 } as const
  const asked = [read, write(0, 'a'), read, write(1, 'b'), read]
  const bytes = asked.flatMap((request, index) => writeRequest({ ...request, id: 1000 + index }))
  await talk.conn.write(Buffer.concat(bytes))
  const seen: string[] = []
  for (const _ of asked) {
    const reply = await talk.heard()
    if (reply.kind === 'data') seen.push(Buffer.from(reply.data).toString())
  }
  assert.deepEqual(seen, ['--', 'a-', 'ab'])
  await talk.conn.end()
  await made.over()
})

test('who opens to append appends, also where the old content is cut off first, whatever places are named', async () => {
  const made = new SftpWorld()
  const talk = new SftpTalk(await made.dial())
  await talk.greet()
  await put(made.home, path('/log'), 'old')
  const handle = await talk.open('/log', 'write', 'create', 'truncate', 'append')
  for (const [offset, data] of [
    [12, 'ab'],
    [0, 'cd'],
  ] as const)
    assert.equal(await talk.outcome({ kind: 'write', handle, offset, data: Buffer.from(data) }), status.ok)
  assert.equal(await talk.outcome({ kind: 'close', handle }), status.ok)
  assert.equal(await get(made.home, path('/log')), 'abcd')
  await talk.conn.end()
  await made.over()
})

test('FSETSTAT cuts no file through a handle that was opened to read, and may set its times', async () => {
  const { home, talk, leave } = await world()
  await put(home, path('/file'), 'contents')
  const handle = await talk.open('/file', 'read')
  assert.equal(
    await talk.outcome({ kind: 'fsetstat', handle, attributes: { size: 0 } }),
    status.permissionDenied,
  )
  const times = { accessed: 1_000_000_000, modified: 1_000_000_000 }
  assert.equal(await talk.outcome({ kind: 'fsetstat', handle, attributes: { times } }), status.ok)
  assert.equal(await talk.outcome({ kind: 'close', handle }), status.ok)
  assert.equal(await get(home, path('/file')), 'contents')
  await leave()
})

test('an upload that stopped is gone on with by who opens to write, and by nobody who cuts, reads, or wants a new file', async () => {
  for (const [flags, content] of [
    [['write', 'create'], 'newed'],
    [['write'], 'newed'],
    [['write', 'create', 'truncate'], 'new'],
    [['write', 'create', 'exclusive'], 'new'],
    [['write', 'append'], undefined],
    [['read'], undefined],
  ] as const) {
    const { home, talk, leave } = await world()
    const stopped = await talk.open('/file', 'write', 'create')
    await talk.outcome({ kind: 'write', handle: stopped, offset: 0, data: Buffer.from('ended') })
    const data = writeExtended('abort-handle@ferry', { handle: stopped })
    assert.equal(await talk.outcome({ kind: 'extended', name: 'abort-handle@ferry', data }), status.ok)
    if (content === undefined) await assert.rejects(talk.open('/file', ...flags))
    else {
      const handle = await talk.open('/file', ...flags)
      await talk.outcome({ kind: 'write', handle, offset: 0, data: Buffer.from('new') })
      assert.equal(await talk.outcome({ kind: 'close', handle }), status.ok)
      assert.equal(await get(home, path('/file')), content, flags.join(', '))
    }
    await leave()
  }
})
