import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath as path } from '../../../core/path.ts'
import { put } from '../../../testing/conforms-store/case.ts'
import { SftpTalk } from '../../../testing/sftp-talk.ts'
import { SftpWorld } from '../../../testing/sftp-world.ts'
import { writeExtended } from '../../wire/extension.ts'
import { status } from '../../wire/reply.ts'

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
  return { talk, lsetstat, sizeOfFile, leave }
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
    await leave()
  }
})
