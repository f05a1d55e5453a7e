import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath } from '../../../core/path.ts'
import type { RemoteStore } from '../../../core/remote.ts'
import { atMisbehaving } from '../../../testing/at-misbehaving.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { say, usual, type FtpScript, type Step } from '../../../testing/misbehaving/script.ts'
import type { MisbehavingServer } from '../../../testing/misbehaving/server.ts'
import { whileTurning } from '../../../testing/while-turning.ts'

const files = { '/one': 'first', '/two': 'second', '/three': 'third' }
const [two, three, sentTo] = [parsePath('/two'), parsePath('/three'), parsePath('/new')]
const modified = new Date('2026-01-02T03:04:05Z')
const content = new TextEncoder().encode('content')

/** A server that has given a file, and taken one, in the usual way. */
async function scene(
  script: FtpScript,
  deed: (store: RemoteStore, server: MisbehavingServer) => Promise<void>,
) {
  const clock = new FakeClock()
  const work = async (store: RemoteStore, server: MisbehavingServer) => {
    await warm(store)
    await deed(store, server)
  }
  const done = atMisbehaving({ files, ...script }, work, { clock, connections: 1, tls: 'off' })
  await whileTurning(clock, done)
}

async function warm(store: RemoteStore) {
  for (const round of [0, 1]) assert.equal(await opened(store, '/one'), 'first', `round ${round}`)
  const how = { write: true, create: 'allow', truncate: true } as const
  const file = await store.open(parsePath('/warm'), how)
  await file.write([content], 0)
  await file.close()
}

async function opened(store: RemoteStore, path: string): Promise<string> {
  const file = await store.open(parsePath(path), { read: true, expected: 5 })
  const into = new Uint8Array(100)
  const count = await file.read(into, 0)
  await file.close()
  return new TextDecoder().decode(into.subarray(0, count))
}

async function whole(store: RemoteStore, path = two, size = 6): Promise<string | undefined> {
  const into = new Uint8Array(16)
  const count = await store.readWhole?.(path, size, into)
  return count === undefined ? undefined : new TextDecoder().decode(into.subarray(0, count))
}

const told = (server: MisbehavingServer, from: string): readonly string[] =>
  server.heard.slice(server.heard.lastIndexOf(from))

void test('small files come by two commands in one write, one after the other in one session', async () => {
  await scene({}, async (store, server) => {
    assert.equal(await whole(store), 'second')
    assert.equal(await whole(store, three, 5), 'third')
    assert.deepEqual(told(server, 'RETR /two'), ['RETR /two', 'EPSV', 'RETR /three'])
    assert.equal(server.connections, 1)
  })
})

void test('a small file goes, is compared, and has its time, and the session goes on', async () => {
  await scene({}, async (store, server) => {
    const written = await store.writeWhole?.(sentTo, content, { modified })
    assert.deepEqual(written, { completeness: 'proven', kept: true })
    assert.deepEqual(server.stored.get('/new'), content)
    assert.deepEqual(told(server, 'STOR /new'), ['STOR /new', 'SIZE /new', 'MDTM 20260102030405 /new'])
    assert.equal(await opened(store, '/one'), 'first')
    assert.equal(server.connections, 1)
  })
})

void test('a file that has another size than the listing told is whole if SIZE says so, and is not if it says otherwise', async () => {
  await scene({}, async (store, server) => {
    assert.equal(await whole(store, two, 5), 'second')
    assert.equal(server.heard.at(-1), 'SIZE /two')
  })
  await scene({ answers: { SIZE: [[usual], [say('213 9')]] } }, async (store) => {
    assert.equal(await whole(store, two, 9), undefined)
  })
})

void test('a file that is larger than its room is left, and the next comes', async () => {
  await scene({ files: { ...files, '/two': 'x'.repeat(5000) } }, async (store) => {
    assert.equal(await whole(store), undefined)
    assert.equal(await opened(store, '/one'), 'first')
  })
})

void test('a file whose last bytes come behind the word that all was sent is whole', async () => {
  const steps: readonly Step[] = [opening, say('226 Done'), send, { kind: 'end-data' }]
  await scene({ answers: { RETR: [[usual], [usual], steps, [usual]] } }, async (store, server) => {
    assert.equal(await whole(store), 'second')
    assert.equal(await whole(store, three, 5), 'third')
    assert.equal(server.connections, 1)
  })
})

const opening = say('150 It comes')
const send: Step = { kind: 'send' }

/** What a server may do in place of sending; each time the file is to be opened, and nothing hangs. */
const otherwise: Readonly<Record<string, readonly Step[]>> = {
  'is refused': [say('550 Permission denied')],
  'is cut short': [opening, { kind: 'send', to: 0.5 }, { kind: 'end-data' }, say('226 Done')],
  'is broken off': [opening, { kind: 'send', to: 0.5 }, { kind: 'cut-data' }, say('426 Broken')],
  'is called sent before it is': [say('226 Done'), send, { kind: 'end-data' }],
  stalls: [opening, { kind: 'send', to: 0.5 }, { kind: 'stall' }],
  'has no end': [opening, send, { kind: 'end-data' }, { kind: 'stall' }],
  'is called sent, and has no end': [opening, send, say('226 Done'), { kind: 'stall' }],
  'ends the session': [say('421 Going down'), { kind: 'close' }],
  'cuts the session': [opening, send, { kind: 'cut' }],
}

for (const [words, steps] of Object.entries(otherwise)) {
  void test(`a small file that ${words} is no whole file, and the next one comes`, async () => {
    await scene({ answers: { RETR: [[usual], [usual], steps, [usual]] } }, async (store) => {
      assert.equal(await whole(store), undefined)
      assert.equal(await opened(store, '/one'), 'first')
    })
  })
}

void test('a refusal costs no session', async () => {
  const answers = { RETR: [[usual], [usual], [say('550 No')], [usual]], STOR: [[usual], [say('553 No')]] }
  await scene({ answers }, async (store, server) => {
    assert.equal(await whole(store), undefined)
    assert.equal(await whole(store), 'second')
    assert.equal(await store.writeWhole?.(sentTo, content, {}), undefined)
    assert.equal(server.connections, 1)
  })
})

void test('an upload of which the server has less than was sent is not whole', async () => {
  const answers = { SIZE: [[usual], [say('213 3')]] }
  await scene({ answers }, async (store) => {
    assert.equal(await store.writeWhole?.(sentTo, content, { modified }), undefined)
  })
})

void test('an upload behind which nothing more is answered is not whole, and the next one is asked about by and by', async () => {
  const answers = { SIZE: [[usual], [{ kind: 'close' }], [usual]] } as const
  await scene({ answers }, async (store, server) => {
    assert.equal(await store.writeWhole?.(sentTo, content, { modified }), undefined)
    assert.equal(await store.writeWhole?.(sentTo, content, { modified }), undefined)
    assert.equal(await opened(store, '/one'), 'first')
    assert.equal(server.connections, 2)
  })
})

/** Where a server may stop saying anything. */
const stalls: Readonly<Record<string, readonly Step[]>> = {
  'before the bytes': [opening, { kind: 'stall' }],
  'among the bytes': [opening, { kind: 'send', to: 0.5 }, { kind: 'stall' }],
  'behind the word that all was sent': [opening, send, say('226 Done'), { kind: 'stall' }],
}

for (const [words, steps] of Object.entries(stalls)) {
  void test(`who stops ${words} is told so, and the next one comes`, async () => {
    await scene({ answers: { RETR: [[usual], [usual], steps, [usual]] } }, async (store) => {
      const stop = new AbortController()
      setImmediate(() => stop.abort())
      const view = store.under(stop.signal)
      await assert.rejects(whole(view), { fault: 'aborted' })
      assert.equal(await opened(store, '/one'), 'first')
    })
  })
}

void test('who stops while a lost session is tried once more is told so', async () => {
  await scene({ answers: { SIZE: [[usual], [{ kind: 'close' }], [{ kind: 'stall' }]] } }, async (store) => {
    const stop = new AbortController()
    const begun = store.under(stop.signal).begun?.(two) ?? Promise.resolve()
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    stop.abort()
    await assert.rejects(begun, { fault: 'aborted' })
  })
})
