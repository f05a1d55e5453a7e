import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath as path } from '../../../core/path.ts'
import { get, put } from '../../../testing/conforms-store/case.ts'
import { SftpTalk } from '../../../testing/sftp-talk.ts'
import { SftpWorld } from '../../../testing/sftp-world.ts'
import { status } from '../../wire/reply.ts'

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
