import assert from 'node:assert/strict'
import { PassThrough, Readable, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { IncompleteError } from '../core/error.ts'
import { memoryNetwork } from '../net/memory.ts'
import { say, type FtpScript } from '../testing/misbehaving/script.ts'
import { misbehavingServer, type MisbehavingServer } from '../testing/misbehaving/server.ts'
import { connect } from './connect.ts'
import type { Remote } from './remote.ts'
import type { Content } from './streams.ts'

const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251))

/** With a client of a server that behaves so. */
async function at(
  script: FtpScript,
  work: (remote: Remote, server: MisbehavingServer) => Promise<void>,
  path = '',
): Promise<void> {
  const network = memoryNetwork()
  await using server = await misbehavingServer(script, { network })
  await using remote = await connect(`${server.url}/${path}`, { network, ftp: { tls: 'off' } })
  await work(remote, server)
}

test('a file comes into a stream of Node and of the web, with its progress', async () => {
  await at({ files: { '/a': bytes } }, async (remote) => {
    for (const ofTheWeb of [false, true]) {
      const into = new PassThrough()
      const arrived = buffer(into)
      let last = { bytes: 0, total: 0 }
      const copied = await remote.get('a', ofTheWeb ? Writable.toWeb(into) : into, {
        onProgress: ({ bytes: moved, total = 0 }) => (last = { bytes: moved, total }),
      })
      assert.deepEqual(copied, {
        size: bytes.length,
        resumedAt: 0,
        completeness: 'proven',
        way: 'through-here',
      })
      assert.deepEqual(await arrived, bytes)
      assert.deepEqual(last, { bytes: bytes.length, total: bytes.length })
    }
  })
})

test('a stream begins with little, so that over a slow way it is seen to begin', async () => {
  await at({ files: { '/a': bytes } }, async (remote) => {
    const pieces: number[] = []
    for await (const piece of await remote.openRead('a')) pieces.push((piece as Buffer).length)
    assert.equal(pieces[0], 64 * 1024)
    assert.equal(
      pieces.reduce((sum, length) => sum + length, 0),
      bytes.length,
    )
  })
})

test('content of every kind goes', async () => {
  const kinds: Readonly<Record<string, () => Content>> = {
    bytes: () => bytes,
    blob: () => new Blob([bytes]),
    'a stream of Node': () => Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]),
    'a stream of the web': () => new Blob([bytes]).stream(),
  }
  await at({}, async (remote, { stored }) => {
    for (const [name, content] of Object.entries(kinds)) {
      assert.equal((await remote.put(content(), name)).completeness, 'proven')
      assert.deepEqual(Buffer.from(stored.get(`/${name}`) ?? []), bytes, name)
    }
  })
})

test('a stream that a file comes into too short fails and never ends', async () => {
  const cut = [say('150 It comes'), { kind: 'send', to: 0.4 }, { kind: 'end-data' }, say('226 Done')] as const
  await at({ files: { '/a': bytes }, answers: { RETR: [cut] } }, async (remote) => {
    const into = new Writable({ write: (_piece, _encoding, done) => done() })
    let ended = false
    into.once('finish', () => (ended = true))
    into.on('error', () => undefined)
    await assert.rejects(remote.get('a', into), IncompleteError)
    assert.deepEqual([ended, into.destroyed], [false, true])
  })
})

test('RFC 1738 §3.2.2 ;type=a: a text is whole in a stream, though the size over there is another', async () => {
  await at(
    { files: { '/a.txt': 'one\r\ntwo\r\n' } },
    async (remote) => {
      const into = new PassThrough()
      const arrived = buffer(into)
      assert.equal((await remote.get('a.txt', into)).completeness, 'proven')
      assert.equal((await arrived).toString(), 'one\ntwo\n')
    },
    ';type=a',
  )
})

test('a size that was told in round numbers makes no file in a stream too short', async () => {
  const script: FtpScript = {
    files: { '/A.TXT': 'content' },
    unknown: ['SIZE', 'MLSD', 'MLST'],
    listing: 'A.TXT;1   3/6   1-JAN-2026 12:00:00  [ANNA]  (RWED,RWED,RE,)\r\n',
  }
  await at(script, async (remote) => {
    const into = new PassThrough()
    const arrived = buffer(into)
    assert.equal((await remote.stat('A.TXT')).rounded, true)
    await remote.get('A.TXT', into)
    assert.equal((await arrived).toString(), 'content')
  })
})
