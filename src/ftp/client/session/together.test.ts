import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError } from '../../../core/error.ts'
import { parsePath } from '../../../core/path.ts'
import type { RemoteFile, RemoteStore } from '../../../core/remote.ts'
import { atMisbehaving } from '../../../testing/at-misbehaving.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { say, usual, type FtpScript } from '../../../testing/misbehaving/script.ts'
import type { MisbehavingServer } from '../../../testing/misbehaving/server.ts'
import { whileTurning } from '../../../testing/while-turning.ts'

const files = { '/one': 'first', '/two': 'second', '/three': 'third' }
const modified = new Date('2026-01-02T03:04:05Z')

async function scene(
  script: FtpScript,
  deed: (store: RemoteStore, server: MisbehavingServer) => Promise<void>,
) {
  const notes: string[] = []
  const said = (from: string, line: string) => void (from === 'note' && notes.push(line))
  const clock = new FakeClock()
  const options = { clock, connections: 1, tls: 'off', said } as const
  await whileTurning(clock, atMisbehaving({ files, ...script }, deed, options))
  return notes.filter((line) => line.includes('one by one'))
}

async function fetched(store: RemoteStore, name: string): Promise<string> {
  const file = await store.open(parsePath(`/${name}`), { read: true, expected: 5 })
  const into = new Uint8Array(100)
  const count = await file.read(into, 0)
  await file.close()
  assert.equal(file.completeness, 'proven')
  return new TextDecoder().decode(into.subarray(0, count))
}

async function sent(store: RemoteStore, name: string, text: string): Promise<RemoteFile> {
  const how = { write: true, create: 'allow', truncate: true, keeps: { modified } } as const
  const file = await store.open(parsePath(`/${name}`), how)
  try {
    await file.write([new TextEncoder().encode(text)], 0)
    await file.close()
  } catch (thrown) {
    await file.abort(new Error('not sent'))
    throw thrown
  }
  return file
}

function behind(server: MisbehavingServer, first: string): readonly string[] {
  return server.heard.slice(server.heard.indexOf(first))
}

for (const pieces of [undefined, 1, 7]) {
  const script = pieces === undefined ? {} : { pieces }
  test(`small files go and come by commands sent together, replies in pieces of ${pieces ?? 'any size'}`, async () => {
    const notes = await scene(script, async (store, server) => {
      for (const [path, text] of Object.entries(files))
        assert.equal(await fetched(store, path.slice(1)), text)
      for (const name of ['a', 'b']) {
        const { completeness, kept } = await sent(store, name, `of ${name}`)
        assert.deepEqual({ completeness, kept }, { completeness: 'proven', kept: true })
        assert.deepEqual(server.stored.get(`/${name}`), new TextEncoder().encode(`of ${name}`))
      }
      assert.deepEqual(behind(server, 'RETR /three'), [
        'RETR /three',
        ...['a', 'b'].flatMap((name) => [
          'EPSV',
          `STOR /${name}`,
          `SIZE /${name}`,
          `MDTM 20260102030405 /${name}`,
        ]),
      ])
      assert.equal(server.connections, 1)
    })
    assert.deepEqual(notes, [])
  })
}

for (const together of ['drops', 'cuts'] as const) {
  test(`a server that ${together} what comes together gets one command after another, and every file is whole`, async () => {
    const down = await scene({ together }, async (store) => {
      for (const [path, text] of Object.entries(files))
        assert.equal(await fetched(store, path.slice(1)), text)
    })
    assert.equal(down.length, 1)
    const up = await scene({ together }, async (store, server) => {
      assert.equal((await sent(store, 'a', 'of a')).completeness, 'proven')
      const second = await sent(store, 'b', 'of b')
      assert.deepEqual([second.completeness, second.kept], ['proven', false])
      for (const name of ['a', 'b']) assert.equal(String(server.stored.get(`/${name}`)?.length), '4')
    })
    assert.equal(up.length, 1)
  })
}

test('a file that is refused is the one that is told of, and the session goes on', async () => {
  const refusing: FtpScript = { answers: { STOR: [[usual], [say('553 Not that name')], [usual]] } }
  const notes = await scene(refusing, async (store, server) => {
    await fetched(store, 'one')
    await assert.rejects(
      store.open(parsePath('/nothing'), { read: true, expected: 5 }),
      (thrown) =>
        thrown instanceof FileError && thrown.fault === 'not-found' && thrown.facts.path === '/nothing',
    )
    await sent(store, 'a', 'of a')
    await assert.rejects(
      sent(store, 'b', 'of b'),
      (thrown) => thrown instanceof FileError && thrown.facts.code === 553 && thrown.facts.path === '/b',
    )
    assert.equal((await sent(store, 'c', 'of c')).completeness, 'proven')
    assert.equal(await fetched(store, 'two'), 'second')
    assert.equal(server.connections, 1)
  })
  assert.deepEqual(notes, [])
})

test('a file that is refused while its port is closed already is refused, and no trouble of the network', async () => {
  const closing = [{ kind: 'listen', refuses: true }, say('229 Extended (|||{port}|)')] as const
  const notes = await scene({ answers: { EPSV: [[usual], closing, [usual]] } }, async (store, server) => {
    await fetched(store, 'one')
    await assert.rejects(
      store.open(parsePath('/nothing'), { read: true, expected: 5 }),
      (thrown) => thrown instanceof FileError && thrown.fault === 'not-found',
    )
    assert.equal(await fetched(store, 'two'), 'second')
    assert.equal(server.connections, 1)
  })
  assert.deepEqual(notes, [])
})

for (const [what, script] of Object.entries({
  '425 for a transfer': { answers: { RETR: [[usual], [say('425 No data connection')], [usual]] } },
  "Twisted's 426 for a transfer": { answers: { RETR: [[usual], [say('426 Aborted')], [usual]] } },
  'a refused EPSV': { answers: { EPSV: [[usual], [say('500 What?')], [usual]] } },
  '421 in place of a transfer': {
    answers: { RETR: [[usual], [say('421 Closing'), { kind: 'close' }], [usual]] },
  },
} satisfies Record<string, FtpScript>)) {
  test(`${what} that came together with another is done again alone`, async () => {
    const notes = await scene(script, async (store, server) => {
      for (const [path, text] of Object.entries(files))
        assert.equal(await fetched(store, path.slice(1)), text)
      assert.equal(server.connections, 2)
    })
    assert.equal(notes.length, 1)
  })
}

test('421 behind the size of an upload: the file is proven, and its time is still to be set', async () => {
  const script: FtpScript = { answers: { MDTM: [[say('421 Closing'), { kind: 'close' }]] } }
  await scene(script, async (store) => {
    const { completeness, kept } = await sent(store, 'a', 'of a')
    assert.deepEqual({ completeness, kept }, { completeness: 'proven', kept: false })
  })
})

test('421 in place of the size: another session is asked', async () => {
  const script: FtpScript = { answers: { SIZE: [[say('421 Closing'), { kind: 'close' }], [usual]] } }
  await scene(script, async (store, server) => {
    const { completeness, kept } = await sent(store, 'a', 'of a')
    assert.deepEqual({ completeness, kept }, { completeness: 'proven', kept: false })
    assert.equal(server.connections, 2)
  })
})

test('a short upload is told of, whatever was set with it', async () => {
  const script: FtpScript = { answers: { SIZE: [[say('213 3')]] } }
  await scene(script, async (store) => {
    await assert.rejects(sent(store, 'a', 'of a'), { name: 'IncompleteError' })
  })
})
