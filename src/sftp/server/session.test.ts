import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath } from '../../core/path.ts'
import { memoryStore } from '../../stores/memory.ts'
import { get, put } from '../../testing/conforms-store/case.ts'
import { SftpTalk } from '../../testing/sftp-talk.ts'
import { SftpWorld, type SftpWorldOptions } from '../../testing/sftp-world.ts'
import { writeExtended } from '../wire/extension.ts'
import { readReply, status } from '../wire/reply.ts'

const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const path = parsePath

async function world(options: SftpWorldOptions = {}): Promise<{ world: SftpWorld; talk: SftpTalk }> {
  const made = new SftpWorld(options)
  const talk = new SftpTalk(await made.dial())
  await talk.greet()
  return { world: made, talk }
}

async function leave({ world, talk }: { world: SftpWorld; talk: SftpTalk }): Promise<void> {
  await talk.conn.end()
  await world.over()
}

test('draft-ietf-secsh-filexfer-02 VERSION: 3, whatever is asked for, and what the store can do', async () => {
  for (const version of [1, 3, 6]) {
    const made = new SftpWorld({ home: memoryStore({ limit: 1000 }) })
    const talk = new SftpTalk(await made.dial())
    const hello = await talk.greet(version)
    assert.equal(hello.version, 3)
    const names = hello.extensions.map(({ name, data }) => `${name} ${data}`)
    assert.ok(names.includes('posix-rename@openssh.com 1'))
    assert.ok(names.includes('statvfs@openssh.com 2'))
    assert.ok(names.includes('check-file 1'))
    await leave({ world: made, talk })
  }
  const { world: bare, talk } = await world()
  await leave({ world: bare, talk })
})

test('draft-ietf-secsh-filexfer-02 OPEN, WRITE and CLOSE: a file appears when it is whole, also pipelined', async () => {
  const { world: made, talk } = await world()
  const handle = await talk.open('/file', 'write', 'create', 'truncate')
  await talk.say({ kind: 'write', handle, offset: 5, data: text(' world') })
  await talk.say({ kind: 'write', handle, offset: 0, data: text('hello') })
  await talk.say({ kind: 'lstat', path: '/other' })
  await talk.say({ kind: 'close', handle })
  await talk.say({ kind: 'rename', from: '/file', to: '/moved' })
  const replies = [await talk.heard(), await talk.heard(), await talk.heard()]
  replies.push(await talk.heard(), await talk.heard())
  const codes = Object.fromEntries(replies.map((reply) => [reply.id, reply.kind === 'status' && reply.code]))
  assert.deepEqual(codes, { 2: status.ok, 3: status.ok, 4: status.noSuchFile, 5: status.ok, 6: status.ok })
  assert.equal(await get(made.home, path('/moved')), 'hello world')
  await leave({ world: made, talk })
})

test('draft-ietf-secsh-filexfer-02 OPEN: CREAT makes a file also for one who only reads, and EXCL one that was not there', async () => {
  const { world: made, talk } = await world()
  const open = (name: string, flags: number, mode = 0o644): Promise<unknown> =>
    talk.outcome({ kind: 'open', path: name, flags, attributes: { mode } })
  const [read, create, exclusive] = [1, 8, 32]
  assert.equal(await open('/lock', read | create, 0o600), 'handle')
  assert.equal((await made.home.stat(path('/lock'))).size, 0)
  await put(made.home, path('/kept'), 'kept')
  assert.equal(await open('/kept', read | create), 'handle')
  assert.equal(await open('/kept', create | exclusive), status.failure)
  assert.equal(await get(made.home, path('/kept')), 'kept')
  assert.equal(await open('/mine', read | create | exclusive), 'handle')
  assert.equal(await open('/mine', read | create | exclusive), status.failure)
  assert.equal(await open('/none/file', read | create), status.noSuchFile)
  await leave({ world: made, talk })
})

test('two who open one new file to lock it both get it, and the second is not told that it exists', async () => {
  const made = new SftpWorld()
  const talks = [new SftpTalk(await made.dial()), new SftpTalk(await made.dial())]
  for (const talk of talks) await talk.greet()
  const [read, create] = [1, 8]
  const open = (talk: SftpTalk): Promise<unknown> =>
    talk.outcome({ kind: 'open', path: '/lock', flags: read | create, attributes: {} })
  assert.deepEqual(await Promise.all(talks.map(open)), ['handle', 'handle'])
  for (const talk of talks) await talk.conn.end()
  await made.over()
})

test('draft-ietf-secsh-filexfer-02 SYMLINK: the link comes second as OpenSSH has it, and first from those who do as the draft says', async () => {
  for (const [client, target, link] of [
    ['SSH-2.0-OpenSSH_9.2p1', 'to', '/link'],
    ['SSH-2.0-libssh2_1.10.0', 'to', '/link'],
    ['SSH-2.0-paramiko_2.12.0', 'to', '/link'],
    ['SSH-2.0-libssh_0.10.6', '/link', 'to'],
    ['SSH-2.0-AsyncSSH_2.10.1', '/link', 'to'],
    ['SSH-2.0-ssh2js1.17.0', '/link', 'to'],
    ['SSH-2.0-phpseclib_1.0 (libsodium, openssl, gmp)', '/link', 'to'],
  ] as const) {
    const { world: made, talk } = await world({ client })
    assert.equal(await talk.outcome({ kind: 'symlink', target, path: link }), status.ok)
    assert.equal((await made.home.stat(path('/link'), false)).target, 'to', client)
    await leave({ world: made, talk })
  }
})

test('who uploads sees their own file before it is whole, as sshfs needs, and nobody else does', async () => {
  const { world: made, talk } = await world()
  const other = new SftpTalk(await made.dial())
  await other.greet()
  const handle = await talk.open('/file', 'write', 'create', 'truncate')
  await talk.ask({ kind: 'write', handle, offset: 0, data: text('hello') })
  for (const kind of ['stat', 'lstat'] as const) {
    const own = await talk.ask({ kind, path: '/file' })
    assert.equal(own.kind === 'attrs' && own.attributes.size, 5)
  }
  assert.equal((await other.ask({ kind: 'lstat', path: '/file' })).kind, 'status')
  await talk.ask({ kind: 'close', handle })
  assert.equal((await other.ask({ kind: 'lstat', path: '/file' })).kind, 'attrs')
  await other.conn.end()
  await leave({ world: made, talk })
})

test('draft-ietf-secsh-filexfer-02 READ: the data, then EOF and never nothing', async () => {
  const { world: made, talk } = await world()
  await put(made.home, path('/file'), 'content')
  const handle = await talk.open('/file', 'read')
  const read = await talk.ask({ kind: 'read', handle, offset: 4, length: 100 })
  assert.equal(read.kind === 'data' && new TextDecoder().decode(read.data), 'ent')
  for (const offset of [7, 8, 2 ** 53]) {
    assert.equal(await talk.outcome({ kind: 'read', handle, offset, length: 10 }), status.endOfFile)
  }
  assert.equal(
    await talk.outcome({ kind: 'write', handle, offset: 0, data: text('x') }),
    status.permissionDenied,
  )
  await leave({ world: made, talk })
})

test('data comes in the order it was asked for, however long each part takes', async () => {
  const { world: made, talk } = await world()
  await put(made.home, path('/file'), 'content')
  const open = made.home.open.bind(made.home)
  const first = Promise.withResolvers<void>()
  made.home.open = async (...words) => {
    const file = await open(...words)
    const read = file.read.bind(file)
    file.read = async (into, at) => {
      if (at === 0) await first.promise
      return read(into, at)
    }
    return file
  }
  const handle = await talk.open('/file', 'read')
  const asked = []
  for (const offset of [0, 4, 7]) asked.push(await talk.say({ kind: 'read', handle, offset, length: 4 }))
  await talk.say({ kind: 'stat', path: '/file' })
  assert.equal((await talk.heard()).kind, 'attrs')
  first.resolve()
  const ids = [(await talk.heard()).id, (await talk.heard()).id, (await talk.heard()).id]
  assert.deepEqual(ids, asked)
  await leave({ world: made, talk })
})

test('a connection that drops is an abort: what came waits to be gone on with', async () => {
  const made = new SftpWorld()
  const first = new SftpTalk(await made.dial())
  await first.greet()
  const handle = await first.open('/file', 'write', 'create', 'truncate')
  await first.ask({ kind: 'write', handle, offset: 0, data: text('0123') })
  await leave({ world: made, talk: first })
  assert.equal(made.events.of('upload')[0]?.outcome, 'incomplete')

  const second = new SftpTalk(await made.dial())
  await second.greet()
  assert.equal(await second.outcome({ kind: 'lstat', path: '/file' }), status.noSuchFile)
  const stat = await second.ask({ kind: 'stat', path: '/file' })
  assert.equal(stat.kind === 'attrs' && stat.attributes.size, 4)
  const again = await second.open('/file', 'write', 'create')
  await second.ask({ kind: 'write', handle: again, offset: 4, data: text('4567') })
  assert.equal(await second.outcome({ kind: 'close', handle: again }), status.ok)
  assert.equal(await get(made.home, path('/file')), '01234567')
  await leave({ world: made, talk: second })
})

test("OpenSSH's reput appends where STAT said, whatever places it names", async () => {
  const made = new SftpWorld()
  const first = new SftpTalk(await made.dial())
  await first.greet()
  const handle = await first.open('/file', 'write', 'create', 'truncate')
  await first.ask({ kind: 'write', handle, offset: 0, data: text('0123') })
  await leave({ world: made, talk: first })
  const talk = new SftpTalk(await made.dial())
  await talk.greet()
  const again = await talk.open('/file', 'write', 'create', 'append')
  await talk.say({ kind: 'write', handle: again, offset: 0, data: text('45') })
  await talk.say({ kind: 'write', handle: again, offset: 0, data: text('67') })
  await talk.heard()
  await talk.heard()
  assert.equal(await talk.outcome({ kind: 'close', handle: again }), status.ok)
  assert.equal(await get(made.home, path('/file')), '01234567')
  await leave({ world: made, talk })
})

test('an upload of which a write failed is not complete, and CLOSE says so', async () => {
  const { world: made, talk } = await world({ home: memoryStore({ limit: 10 }) })
  const handle = await talk.open('/file', 'write', 'create', 'truncate')
  assert.equal(
    await talk.outcome({ kind: 'write', handle, offset: 0, data: new Uint8Array(20) }),
    status.failure,
  )
  assert.equal(await talk.outcome({ kind: 'write', handle, offset: 0, data: text('x') }), status.failure)
  assert.equal(await talk.outcome({ kind: 'close', handle }), status.failure)
  assert.equal(await talk.outcome({ kind: 'lstat', path: '/file' }), status.noSuchFile)
  await leave({ world: made, talk })
})

test('draft-ietf-secsh-filexfer-02 READDIR: all entries, in parts that every client takes, and lines like ls -l', async () => {
  const { world: made, talk } = await world()
  for (let number = 0; number < 1000; number += 1) await put(made.home, path(`/file ${number}`), 'x')
  for (const limits of [false, true]) {
    if (limits) {
      const asked = { kind: 'extended', name: 'limits@openssh.com', data: new Uint8Array(0) } as const
      assert.equal(await talk.outcome(asked), 'extended')
    }
    const opened = await talk.ask({ kind: 'opendir', path: '/' })
    assert.equal(opened.kind, 'handle')
    const handle = opened.kind === 'handle' ? opened.handle : ''
    const names: string[] = []
    let parts = 0
    for (;;) {
      await talk.say({ kind: 'readdir', handle })
      const bytes = await talk.heardBytes()
      if (bytes[0] === 101) break
      assert.ok(limits || bytes.length < 34_000, `${bytes.length} bytes`)
      const reply = readReply(bytes)
      assert.equal(reply.kind, 'name')
      if (reply.kind === 'name') {
        names.push(...reply.names.map(({ name }) => name))
        assert.match(
          reply.names[2]?.longname ?? '',
          /^-rw-r--r-- +1 \S+ +\S+ +1 \w{3} [ \d]\d [ \d:]{5} file \d+$/,
        )
      }
      parts += 1
    }
    assert.equal(new Set(names).size, 1002)
    assert.ok(limits ? parts <= 3 : parts > 3, `${parts} parts`)
    assert.equal(await talk.outcome({ kind: 'readdir', handle }), status.endOfFile)
    assert.equal(await talk.outcome({ kind: 'close', handle }), status.ok)
  }
  await leave({ world: made, talk })
})

test('draft-ietf-secsh-filexfer-02 RENAME: never replaces; posix-rename does', async () => {
  const { world: made, talk } = await world()
  await put(made.home, path('/a'), 'a')
  await put(made.home, path('/b'), 'b')
  assert.equal(await talk.outcome({ kind: 'rename', from: '/a', to: '/b' }), status.failure)
  const data = writeExtended('posix-rename@openssh.com', { from: '/a', to: '/b' })
  assert.equal(await talk.outcome({ kind: 'extended', name: 'posix-rename@openssh.com', data }), status.ok)
  assert.equal(await get(made.home, path('/b')), 'a')
  await leave({ world: made, talk })
})

test('draft-ietf-secsh-filexfer-02 SYMLINK: the text first and then the name, as OpenSSH has it', async () => {
  const { world: made, talk } = await world()
  assert.equal(await talk.outcome({ kind: 'symlink', target: 'text', path: '/link' }), status.ok)
  assert.equal((await made.home.stat(path('/link'), false)).target, 'text')
  const read = await talk.ask({ kind: 'readlink', path: '/link' })
  assert.equal(read.kind === 'name' && read.names[0]?.name, 'text')
  await leave({ world: made, talk })
})

test('draft-ietf-secsh-filexfer-02 REALPATH: one name, also of what is not there', async () => {
  const { world: made, talk } = await world()
  for (const [asked, whole] of [
    ['.', '/'],
    ['', '/'],
    ['a/../b/./c', '/b/c'],
    ['../../x', '/x'],
  ]) {
    const reply = await talk.ask({ kind: 'realpath', path: asked ?? '' })
    assert.deepEqual(reply.kind === 'name' && reply.names.map(({ name }) => name), [whole])
  }
  await leave({ world: made, talk })
})

test('draft-ietf-secsh-filexfer-02 SETSTAT: told or ignored, as it is set', async () => {
  for (const [setstat, code] of [
    ['told', status.permissionDenied],
    ['ignored', status.ok],
  ] as const) {
    const allow = ['list', 'read', 'create', 'overwrite'] as const
    const { world: made, talk } = await world({
      settings: { setstat },
      account: { rights: [{ path: path('/'), allow }] },
    })
    await put(made.home, path('/file'), 'content')
    const outcome = await talk.outcome({ kind: 'setstat', path: '/file', attributes: { mode: 0o600 } })
    assert.equal(outcome, code)
    const cut = { size: 2 ** 53 }
    assert.equal(await talk.outcome({ kind: 'setstat', path: '/file', attributes: cut }), status.failure)
    await leave({ world: made, talk })
  }
})

test('bad requests get their status, and the session goes on', async () => {
  const { world: made, talk } = await world()
  await put(made.home, path('/file'), 'content')
  await made.home.mkdir(path('/directory'))
  assert.equal(await talk.outcome({ kind: 'close', handle: 'not ours' }), status.failure)
  assert.equal(await talk.outcome({ kind: 'read', handle: '', offset: 0, length: 1 }), status.failure)
  assert.equal(await talk.outcome({ kind: 'lstat', path: 'a\0b' }), status.failure)
  assert.equal(await talk.outcome({ kind: 'lstat', path: '/x'.repeat(4000) }), status.failure)
  assert.equal(await talk.outcome({ kind: 'rename', from: '/file', to: '/directory' }), status.failure)
  const unknown = { kind: 'extended', name: 'what@example.com', data: new Uint8Array(0) } as const
  assert.equal(await talk.outcome(unknown), status.unsupported)
  const cut = { kind: 'extended', name: 'hardlink@openssh.com', data: new Uint8Array(3) } as const
  assert.equal(await talk.outcome(cut), status.badMessage)
  await talk.conn.write(Uint8Array.of(0, 0, 0, 6, 99, 0, 0, 0, 77, 1))
  const reply = await talk.heard()
  assert.deepEqual([reply.id, reply.kind === 'status' && reply.code], [77, status.unsupported])
  await talk.conn.write(Uint8Array.of(0, 0, 0, 6, 3, 0, 0, 0, 78, 1))
  const short = await talk.heard()
  assert.deepEqual([short.id, short.kind === 'status' && short.code], [78, status.badMessage])
  assert.equal(await talk.outcome({ kind: 'lstat', path: '/file' }), 'attrs')
  await leave({ world: made, talk })
})

test('what is no SFTP ends the session, and leaves nothing open', async () => {
  for (const bytes of [
    text('GET / HTTP/1.1\r\n\r\n'),
    Uint8Array.of(0, 0, 0, 1, 1),
    Uint8Array.of(0, 0, 0, 5, 9, 0, 0, 0, 3),
  ]) {
    const made = new SftpWorld()
    const conn = await made.dial()
    await conn.write(bytes)
    assert.equal(await conn.read(), undefined)
    await made.over()
    assert.equal(made.events.of('warning').length, 1)
  }
})

test('handles are counted, and given back', async () => {
  const { world: made, talk } = await world({ settings: { handles: 3 } })
  await put(made.home, path('/file'), 'content')
  const handles = [await talk.open('/file', 'read'), await talk.open('/file', 'read')]
  handles.push(await talk.open('/file', 'read'))
  const asked = { kind: 'open', path: '/file', flags: 1, attributes: {} } as const
  assert.equal(await talk.outcome(asked), status.failure)
  assert.equal(await talk.outcome({ kind: 'close', handle: handles[1] ?? '' }), status.ok)
  assert.equal(await talk.outcome(asked), 'handle')
  await leave({ world: made, talk })
})

test('8000 READs that nobody collects are not done all at once', async () => {
  let reads = 0
  const { world: made, talk } = await world({ settings: { window: 1024 * 1024 } })
  await put(made.home, path('/file'), new Uint8Array(300_000))
  const open = made.home.open.bind(made.home)
  made.home.open = async (...words) => {
    const file = await open(...words)
    const read = file.read.bind(file)
    file.read = (into, at) => {
      reads += 1
      return read(into, at)
    }
    return file
  }
  const handle = await talk.open('/file', 'read')
  const flood = Promise.all(
    Array.from({ length: 8000 }, () => talk.say({ kind: 'read', handle, offset: 0, length: 255_000 })),
  )
  await new Promise((resolve) => setImmediate(resolve))
  for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  assert.ok(reads > 0 && reads < 12, `${reads} reads`)
  for (let answer = 0; answer < 8000; answer += 1) {
    const bytes = await talk.heardBytes()
    assert.equal(bytes.length, 9 + 255_000)
  }
  await flood
  assert.equal(reads, 8000)
  await leave({ world: made, talk })
})

test('a server that is stopped ends what is open as not complete', async () => {
  const { world: made, talk } = await world()
  const handle = await talk.open('/file', 'write', 'create', 'truncate')
  await talk.ask({ kind: 'write', handle, offset: 0, data: text('0123') })
  await made.stop()
  assert.equal(made.events.of('upload')[0]?.outcome, 'incomplete')
  assert.equal(made.events.of('upload')[0]?.reason, 'the server was stopped')
})
