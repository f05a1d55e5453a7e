import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError } from '../../../core/error.ts'
import { parsePath } from '../../../core/path.ts'
import { get, put } from '../../../testing/conforms-store/case.ts'
import { SftpTalk } from '../../../testing/sftp-talk.ts'
import { SftpWorld } from '../../../testing/sftp-world.ts'
import { writeExtended } from '../../wire/extension.ts'
import { status } from '../../wire/reply.ts'

test('draft-ietf-secsh-filexfer-extensions-00 copy-data: a file that has two names is copied behind itself once, not without end', async () => {
  const world = new SftpWorld()
  await put(world.home, parsePath('/a'), 'hello')
  await world.home.link(parsePath('/b'), '/a', 'hard')
  const talk = new SftpTalk(await world.dial())
  await talk.greet()
  const from = await talk.open('/a', 'read')
  const to = await talk.open('/b', 'write')
  const copy = (offset: number, length: number, at: number) =>
    talk.outcome({
      kind: 'extended',
      name: 'copy-data',
      data: writeExtended('copy-data', { from, offset, length, to, at }),
    })
  assert.equal(await copy(0, 0, 5), status.ok)
  assert.equal(await get(world.home, parsePath('/a')), 'hellohello')
  assert.equal(await copy(5, 1000, 0), status.endOfFile)
  assert.equal(await copy(2 ** 53 - 1, 0, 0), status.ok)
  assert.equal(await get(world.home, parsePath('/b')), 'hellohello')
  await talk.conn.end()
  await world.over()
})

test('who asks copy-data for more than there is hears that the file ended', async () => {
  const world = new SftpWorld()
  await put(world.home, parsePath('/a'), 'hello')
  const talk = new SftpTalk(await world.dial())
  await talk.greet()
  const from = await talk.open('/a', 'read')
  const to = await talk.open('/b', 'write', 'create')
  const copy = (offset: number, length: number, at: number) =>
    talk.outcome({
      kind: 'extended',
      name: 'copy-data',
      data: writeExtended('copy-data', { from, offset, length, to, at }),
    })
  assert.equal(await copy(0, 5, 0), status.ok)
  assert.equal(await copy(3, 3, 5), status.endOfFile)
  assert.equal(await copy(9, 1, 7), status.endOfFile)
  assert.equal(await talk.outcome({ kind: 'close', handle: to }), status.ok)
  assert.equal(await get(world.home, parsePath('/b')), 'hellolo')
  await talk.conn.end()
  await world.over()
})

test('copies and hashes of much say that they get on, as their client is silent meanwhile', async () => {
  const world = new SftpWorld()
  await put(world.home, parsePath('/a'), 'x'.repeat(700_000))
  const talk = new SftpTalk(await world.dial())
  await talk.greet()
  const from = await talk.open('/a', 'read')
  const to = await talk.open('/b', 'write', 'create')
  const data = writeExtended('copy-data', { from, offset: 0, length: 0, to, at: 0 })
  assert.equal(await talk.outcome({ kind: 'extended', name: 'copy-data', data }), status.ok)
  assert.ok(world.stirred >= 3, `${world.stirred}`)
  world.stirred = 0
  const span = { algorithms: 'sha256', offset: 0, length: 0, block: 0 }
  const asked = writeExtended('check-file-handle', { handle: from, ...span })
  const answer = await talk.ask({ kind: 'extended', name: 'check-file-handle', data: asked })
  assert.equal(answer.kind, 'extended')
  assert.ok(world.stirred >= 3, `${world.stirred}`)
  await talk.conn.end()
  await world.over()
})

/** Opens both, copies all, closes the target: what each of the two is told, as of `copy` in OpenSSH's client, which closes whatever comes. */
async function copied(talk: SftpTalk, source: string, target: string) {
  const from = await talk.open(source, 'read')
  const to = await talk.open(target, 'write', 'create', 'truncate')
  const data = writeExtended('copy-data', { from, offset: 0, length: 0, to, at: 0 })
  const copy = await talk.outcome({ kind: 'extended', name: 'copy-data', data })
  return [copy, await talk.outcome({ kind: 'close', handle: to })]
}

test('what could not be copied takes the place of nothing when its handle is closed', async () => {
  const world = new SftpWorld()
  const { home } = world
  for (const name of ['/a', '/b']) await put(home, parsePath(name), name)
  const open = home.open.bind(home)
  home.open = async (path, how) => {
    const file = await open(path, how)
    if (how.read === true)
      file.read = async () => Promise.reject(new FileError('failed', 'the disk has an error'))
    return file
  }
  const talk = new SftpTalk(await world.dial())
  await talk.greet()
  assert.deepEqual(await copied(talk, '/a', '/b'), [status.failure, status.failure])
  home.open = open
  assert.equal(await get(home, parsePath('/b')), '/b')
  await talk.conn.end()
  await world.over()
})

test('a file that is copied onto itself stays what it is', async () => {
  const world = new SftpWorld()
  await put(world.home, parsePath('/a'), 'hello')
  const talk = new SftpTalk(await world.dial())
  await talk.greet()
  assert.deepEqual(await copied(talk, '/a', '/a'), [status.ok, status.ok])
  assert.equal(await get(world.home, parsePath('/a')), 'hello')
  const handle = await talk.open('/a', 'read', 'write')
  const data = writeExtended('copy-data', { from: handle, offset: 0, length: 0, to: handle, at: 5 })
  assert.equal(await talk.outcome({ kind: 'extended', name: 'copy-data', data }), status.failure)
  assert.equal(await talk.outcome({ kind: 'close', handle }), status.ok)
  await talk.conn.end()
  await world.over()
})
