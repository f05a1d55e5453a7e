import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath as path } from '../../../core/path.ts'
import { put } from '../../../testing/conforms-store/case.ts'
import { SftpTalk } from '../../../testing/sftp-talk.ts'
import { SftpWorld } from '../../../testing/sftp-world.ts'
import { writeExtended } from '../../wire/extension.ts'
import { status } from '../../wire/reply.ts'
import { openFlags } from '../../wire/request.ts'

async function withLink(setstat: 'told' | 'ignored') {
  const made = new SftpWorld({ settings: { setstat } })
  const talk = new SftpTalk(await made.dial())
  await talk.greet()
  await put(made.home, path('/file'), 'contents')
  await made.home.link(path('/link'), 'file', 'symbolic')
  const lsetstat = (name: string, size: number): ReturnType<SftpTalk['outcome']> => {
    const data = writeExtended('lsetstat@openssh.com', { path: name, attributes: { size } })
    return talk.outcome({ kind: 'extended', name: 'lsetstat@openssh.com', data })
  }
  const sizeOfFile = async (): Promise<number> => (await made.home.stat(path('/file'))).size
  const leave = async (): Promise<void> => {
    await talk.conn.end()
    await made.over()
  }
  return { home: made.home, talk, lsetstat, sizeOfFile, leave }
}

test('READLINK tells where a link leads, and nothing of what is no link', async () => {
  const { talk, leave } = await withLink('told')
  const told = await talk.ask({ kind: 'readlink', path: '/link' })
  assert.equal(told.kind === 'name' && told.names[0]?.name, 'file')
  assert.equal(await talk.outcome({ kind: 'readlink', path: '/file' }), status.failure)
  await leave()
})

test('lsetstat@openssh.com changes a file, and of a link neither itself nor where it leads', async () => {
  for (const [setstat, answer] of [
    ['told', status.unsupported],
    ['ignored', status.ok],
  ] as const) {
    const { lsetstat, sizeOfFile, leave } = await withLink(setstat)
    assert.equal(await lsetstat('/link', 1), answer)
    assert.equal(await sizeOfFile(), 8)
    assert.equal(await lsetstat('/file', 2), status.ok)
    assert.equal(await sizeOfFile(), 2)
    assert.equal(await lsetstat('/file/', 1), status.noSuchFile)
    assert.equal(await sizeOfFile(), 2)
    await leave()
  }
})

test('MKDIR whose mode is refused leaves no directory, and --sftp-setstat ignored takes it as it is, as OPEN does', async () => {
  const rights = [{ path: path('/'), allow: ['directories', 'create', 'read'] }] as const
  const attributes = { mode: 0o700 }
  for (const [setstat, code, opened] of [
    ['told', status.permissionDenied, status.permissionDenied],
    ['ignored', status.ok, 'handle'],
  ] as const) {
    const made = new SftpWorld({ account: { rights }, settings: { setstat } })
    const talk = new SftpTalk(await made.dial())
    await talk.greet()
    assert.equal(await talk.outcome({ kind: 'mkdir', path: '/d', attributes }), code)
    const flags = openFlags.write | openFlags.create
    assert.equal(await talk.outcome({ kind: 'open', path: '/f', flags, attributes }), opened)
    assert.equal(
      await talk.outcome({ kind: 'stat', path: '/d' }),
      setstat === 'told' ? status.noSuchFile : 'attrs',
    )
    await talk.conn.end()
    await made.over()
  }
})

function posixRename(from: string, to: string) {
  const name = 'posix-rename@openssh.com'
  return { kind: 'extended', name, data: writeExtended(name, { from, to }) } as const
}

test('a name that ends in a slash is a directory, or nothing: no upload and no rename makes a file of it', async () => {
  const { home, talk, leave } = await withLink('told')
  await home.mkdir(path('/d'))
  await home.link(path('/way'), 'd', 'symbolic')
  const create = 1 | 2 | 8
  for (const [request, answer] of [
    [{ kind: 'open', path: '/new/', flags: create, attributes: {} }, status.failure],
    [{ kind: 'open', path: '/file/', flags: create, attributes: {} }, status.failure],
    [{ kind: 'open', path: '/file/.', flags: 1, attributes: {} }, status.failure],
    [{ kind: 'rename', from: '/file', to: '/new/' }, status.noSuchFile],
    [posixRename('/file', '/new/'), status.noSuchFile],
    [posixRename('/way/', '/new'), status.noSuchFile],
    [{ kind: 'remove', path: '/link/' }, status.failure],
    [{ kind: 'symlink', target: 'd', path: '/new/' }, status.failure],
    [{ kind: 'stat', path: '/file/' }, status.noSuchFile],
    [{ kind: 'lstat', path: '/link/' }, status.noSuchFile],
    [{ kind: 'setstat', path: '/file/', attributes: { size: 0 } }, status.noSuchFile],
    [{ kind: 'readlink', path: '/way/' }, status.failure],
    [{ kind: 'lstat', path: '/way/' }, 'attrs'],
    [{ kind: 'mkdir', path: '/made/', attributes: {} }, status.ok],
    [{ kind: 'rename', from: '/made/', to: '/moved/' }, status.ok],
    [{ kind: 'rmdir', path: '/moved/' }, status.ok],
  ] as const)
    assert.equal(await talk.outcome(request), answer, JSON.stringify(request))
  const names: string[] = []
  for await (const batch of home.list(path('/'))) names.push(...batch.map(({ name }) => name))
  assert.deepEqual(names.toSorted(), ['d', 'file', 'link', 'way'])
  await leave()
})

test('hardlink@openssh.com gives a link a second name, and not what it leads to', async () => {
  const { home, talk, leave } = await withLink('told')
  await home.link(path('/astray'), 'nowhere', 'symbolic')
  for (const [from, to, kind] of [
    ['/link', '/second', 'link'],
    ['/astray', '/third', 'link'],
    ['/file', '/fourth', 'file'],
  ] as const) {
    const data = writeExtended('hardlink@openssh.com', { from, to })
    assert.equal(
      await talk.outcome({ kind: 'extended', name: 'hardlink@openssh.com', data }),
      status.ok,
      from,
    )
    const { target } = await home.stat(path(from), false)
    const second = await home.stat(path(to), false)
    assert.deepEqual([second.kind, second.target], [kind, target])
  }
  await leave()
})
