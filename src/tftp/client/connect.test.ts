import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError } from '../../core/error.ts'
import { parsePath } from '../../core/path.ts'
import { settle } from '../../testing/fake-clock.ts'
import { tftpWorld } from '../../testing/tftp-world.ts'
import { connectTo, get, pattern, readAll } from '../../testing/tftp-client.ts'

const path = parsePath

for (const size of [0, 1, 511, 512, 513, 1428, 100_000]) {
  test(`a file of ${size} bytes comes and goes whole, with and without options`, async () => {
    await using world = await tftpWorld({ write: 'new' })
    await world.put('/f', pattern(size))
    for (const how of [{}, { blockSize: 512, window: 1 }, { blockSize: 512, window: 4 }]) {
      const remote = await connectTo(world, how)
      const file = await remote.open(path('/f'), { read: true })
      assert.deepEqual(await readAll(file), pattern(size))
      await file.close()
      // Our server keeps the size of an empty file to itself, as curl trips over it.
      assert.equal(file.completeness, size === 0 ? 'unproven' : 'proven')
      const name = `/up-${JSON.stringify(how)}`
      const up = await remote.open(path(name), { write: true, create: 'allow', expected: size })
      await up.write([pattern(size).subarray(0, 300), pattern(size).subarray(300)], 0)
      await up.close()
      assert.equal(up.completeness, 'proven')
      assert.deepEqual(await world.get(name), pattern(size))
      await remote.end()
    }
    await world.clock.advance(10_000) // the server's last ACKs linger
    assert.equal(world.network.openDatagrams, 2)
  })
}

test('stat tells the size by tsize, and the server does not take it for a download that failed', async () => {
  await using world = await tftpWorld()
  await world.put('/f', pattern(5000))
  const remote = await connectTo(world)
  const { size, kind } = await remote.stat(path('/f'))
  assert.deepEqual([size, kind], [5000, 'file'])
  assert.equal((await remote.stat(path('/'))).kind, 'directory')
  const file = await remote.open(path('/f'), { read: true })
  assert.equal((await file.stat()).size, 5000)
  await readAll(file)
  await file.close()
  await remote.end()
  assert.deepEqual(remote.capabilities(), ['tsize=5000', 'blksize=1428', 'windowsize=64'])
})

test('who reads as much as stat has told ends well, without reading on', async () => {
  await using world = await tftpWorld()
  await world.put('/f', pattern(1428 * 3))
  const remote = await connectTo(world)
  const file = await remote.open(path('/f'), { read: true })
  const bytes = Buffer.alloc(1428 * 3)
  for (let at = 0; at < bytes.length;) at += await file.read(bytes.subarray(at), at)
  await file.close()
  assert.equal(file.completeness, 'proven')
  assert.deepEqual(bytes, pattern(1428 * 3))
  await remote.end()
  assert.equal(world.told('download').at(-1)?.outcome, 'complete')
})

test('what the server refuses becomes the error of the file, with its code and its words', async () => {
  await using world = await tftpWorld({ write: 'new' })
  await world.put('/f', pattern(10))
  const remote = await connectTo(world)
  await assert.rejects(remote.open(path('/nothing'), { read: true }), (error) => {
    assert.ok(error instanceof FileError)
    assert.equal(error.fault, 'not-found')
    assert.equal(error.facts.code, 1)
    return true
  })
  await assert.rejects(remote.open(path('/f'), { write: true, create: 'allow' }), { fault: 'exists' })
  await assert.rejects(remote.stat(path('/nothing')), { fault: 'not-found' })
})

test('what TFTP does not have is unsupported', async () => {
  await using world = await tftpWorld()
  await world.put('/f', pattern(10))
  const remote = await connectTo(world)
  const unsupported = { fault: 'unsupported' }
  await assert.rejects(remote.list(path('/'))[Symbol.asyncIterator]().next(), unsupported)
  await assert.rejects(remote.remove(path('/f')), unsupported)
  await assert.rejects(remote.mkdir(path('/d')), unsupported)
  await assert.rejects(remote.rename(path('/f'), path('/g'), true), unsupported)
  await assert.rejects(remote.open(path('/f'), { write: true, from: 5 }), unsupported)
  await assert.rejects(remote.hash(path('/f'), 'md5'), unsupported)
  const file = await remote.open(path('/f'), { read: true })
  assert.equal(await file.read(Buffer.alloc(5), 3), 5)
  await assert.rejects(file.read(Buffer.alloc(5), 3), unsupported)
  await file.abort(new Error('enough'))
})

test('netascii by setting, and by RFC 3617 in the path', async () => {
  await using world = await tftpWorld({ write: 'new' })
  await world.put('/f', Buffer.from('a\nb\r'))
  const remote = await connectTo(world)
  const file = await remote.open(path('/f;mode=netascii'), { read: true })
  assert.equal((await readAll(file)).toString(), 'a\nb\r')
  await file.close()
  assert.equal(file.completeness, 'unproven')
  const up = await remote.open(path('/g;mode=netascii'), { write: true })
  await up.write([Buffer.from('x\ny\r')], 0)
  await up.close()
  assert.equal((await world.get('/g'))?.toString(), 'x\ny\r')
})

test('a reader that is slow holds the server back, and memory stays small', async () => {
  await using world = await tftpWorld()
  await world.put('/f', pattern(4_000_000))
  const remote = await connectTo(world)
  const file = await remote.open(path('/f'), { read: true })
  await settle()
  const bytes = await readAll(file)
  await file.close()
  assert.equal(Buffer.compare(bytes, pattern(4_000_000)), 0)
})

test('who stops is heard by the server, in both directions', async () => {
  await using world = await tftpWorld({ write: 'new' })
  await world.put('/f', pattern(100_000))
  const stopping = new AbortController()
  const remote = (await connectTo(world)).under(stopping.signal)
  const file = await remote.open(path('/f'), { read: true })
  const up = await remote.open(path('/g'), { write: true })
  await up.write([pattern(5000)], 0)
  stopping.abort()
  await assert.rejects(file.read(Buffer.alloc(10), 0), { fault: 'aborted' })
  await settle()
  assert.equal(world.told('download').at(-1)?.outcome, 'incomplete')
  assert.equal(await world.get('/g'), undefined)
  assert.equal(world.network.openDatagrams, 2)
})

test('the rate of an account holds for TFTP, for all its transfers together', async () => {
  await using world = await tftpWorld({}, { rules: { rate: { download: 100_000 } } })
  await world.put('/f', pattern(200_000))
  const remote = await connectTo(world)
  let over = 0
  for (const got of [get(remote, '/f'), get(remote, '/f')]) void got.then(() => (over += 1))
  await world.clock.advance(3000)
  assert.equal(over, 0)
  await world.clock.advance(3000)
  assert.equal(over, 2)
  // The pauses made the client ask again, as for packets that are lost: its end waits a moment.
  const ended = remote.end()
  await world.clock.advance(2000)
  await ended
})
