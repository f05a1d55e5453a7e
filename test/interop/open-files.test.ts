import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { test } from 'node:test'
import { Ferry } from './ferry.ts'
import { temporaryFolder } from './scene.ts'

const skip = process.platform === 'linux' ? false : 'only Linux tells how many files may be open'

test('with few open files it says so, and turns away with words whoever is too many', { skip }, async (t) => {
  const words = [await temporaryFolder(t), '--ftp', '0', '--host', '127.0.0.1', '--json', '--user', 'a:b']
  const ferry = new Ferry(words, ['sh', '-c', 'ulimit -n 64; exec "$@"', 'sh'])
  t.after(() => ferry.stop())
  const { listeners = [] } = await ferry.until('the ready line', ({ ready }) => ready === true)
  const { text } = await ferry.until('the warning', ({ event }) => event === 'warning')
  assert.match(text ?? '', /64 files .* 12 connections/u)
  const sockets: Socket[] = []
  t.after(() => sockets.forEach((socket) => socket.destroy()))
  for (let count = 1; count <= 40; count += 1) {
    const socket = connect(listeners[0]?.port ?? 0, '127.0.0.1')
    sockets.push(socket)
    const [greeting] = (await once(socket, 'data')) as [Buffer]
    assert.match(
      greeting.toString(),
      count <= 12 ? /^220 / : /^421 There are too many/u,
      `connection ${count}`,
    )
  }
})
