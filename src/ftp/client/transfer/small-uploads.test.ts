import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath } from '../../../core/path.ts'
import type { RemoteStore, WrittenWhole } from '../../../core/remote.ts'
import { atMisbehaving } from '../../../testing/at-misbehaving.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { say, usual, type FtpScript, type Step } from '../../../testing/misbehaving/script.ts'
import type { MisbehavingServer } from '../../../testing/misbehaving/server.ts'
import { whileTurning } from '../../../testing/while-turning.ts'

const modified = new Date('2026-01-02T03:04:05Z')
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const proven = { completeness: 'proven', kept: true }

interface Scene {
  readonly store: RemoteStore
  readonly server: MisbehavingServer
  /** What the client says from here on and nothing was answered in between: an item a write, or several that follow one another. */
  readonly turns: readonly string[]
}

/** One session with a server that has given and taken a file in the usual way. */
async function scene(script: FtpScript, deed: (scene: Scene) => Promise<void>): Promise<void> {
  const turns: string[] = []
  let last = ''
  const said = (from: string, line: string): void => {
    if (from === 'client') turns.push(last === 'client' ? `${turns.pop() ?? ''}, ${line}` : line)
    last = from
  }
  const clock = new FakeClock()
  const work = async (store: RemoteStore, server: MisbehavingServer): Promise<void> => {
    for (let round = 0; round < 2; round += 1) assert.equal(await read(store), 'first')
    const file = await store.open(parsePath('/warm'), { write: true, create: 'allow', truncate: true })
    await file.write([bytes('content')], 0)
    await file.close()
    turns.length = 0
    await deed({ store, server, turns })
  }
  const options = { clock, connections: 1, tls: 'off', said } as const
  await whileTurning(clock, atMisbehaving({ files: { '/one': 'first' }, ...script }, work, options))
}

async function read(store: RemoteStore): Promise<string> {
  const file = await store.open(parsePath('/one'), { read: true, expected: 5 })
  const into = new Uint8Array(100)
  const count = await file.read(into, 0)
  await file.close()
  return new TextDecoder().decode(into.subarray(0, count))
}

function send(store: RemoteStore, name: string, content = name): Promise<WrittenWhole | undefined> {
  return store.writeWhole?.(parsePath(`/${name}`), bytes(content), { modified }) ?? Promise.resolve(undefined)
}

void test('several go over one session, and each begins in the write that asks about the one before it', async () => {
  await scene({}, async ({ store, server, turns }) => {
    const all = await Promise.all(['a', 'b', 'c'].map((name) => send(store, name)))
    assert.deepEqual(all, [proven, proven, proven])
    for (const name of ['a', 'b', 'c']) assert.deepEqual(server.stored.get(`/${name}`), bytes(name))
    assert.deepEqual(turns, [
      'EPSV, STOR /a',
      'SIZE /a, MDTM 20260102030405 /a, EPSV, STOR /b',
      'SIZE /b, MDTM 20260102030405 /b, EPSV, STOR /c',
      'SIZE /c, MDTM 20260102030405 /c',
    ])
    assert.equal(server.connections, 1)
  })
})

void test('one of which the server has less is not whole, and the one behind it is', async () => {
  await scene({ answers: { SIZE: [[usual], [say('213 0')], [usual]] } }, async ({ store, server }) => {
    assert.deepEqual(await Promise.all([send(store, 'a'), send(store, 'b')]), [undefined, proven])
    assert.equal(server.connections, 1)
  })
})

void test('one that is refused costs neither the one before it nor the one behind it', async () => {
  const answers = { STOR: [[usual], [usual], [say('553 No')], [usual]] }
  await scene({ answers }, async ({ store, server }) => {
    const all = await Promise.all(['a', 'b', 'c'].map((name) => send(store, name)))
    assert.deepEqual(all, [proven, undefined, proven])
    assert.equal(server.connections, 1)
  })
})

const silence: Step = { kind: 'wait', ms: 3_600_000 }

/** What a server may do in place of answering SIZE. */
const otherwise: Readonly<Record<string, readonly Step[]>> = {
  'ends the session': [{ kind: 'close' }],
  'cuts the session': [{ kind: 'cut' }],
  'says good-bye': [say('421 Going down'), { kind: 'close' }],
  'says nothing more': [silence],
}

for (const [words, steps] of Object.entries(otherwise)) {
  void test(`where a server ${words} behind a file, it and the one that was begun are not whole, and the next comes`, async () => {
    await scene({ answers: { SIZE: [[usual], steps, [usual]] } }, async ({ store }) => {
      const [a, b] = await Promise.all([send(store, 'a'), send(store, 'b')])
      assert.deepEqual([a, b], [undefined, undefined])
      assert.equal(await read(store), 'first')
    })
  })
}

void test('who waits for a session has it before the next small file', async () => {
  await scene({}, async ({ store, turns }) => {
    const sent = ['a', 'b', 'c'].map((name) => send(store, name))
    const asked = store.begun?.(parsePath('/one'))
    assert.equal(await asked, 5)
    const place = turns.findIndex((turn) => turn.includes('SIZE /one'))
    assert.ok(!turns.slice(0, place).join().includes('STOR /b'), turns.join('\n'))
    assert.deepEqual(await Promise.all(sent), [proven, proven, proven])
  })
})

void test('who stops ends what is under way and what waits', async () => {
  await scene(
    { answers: { STOR: [[usual], [say('150 Go on'), { kind: 'stall' }], [usual]] } },
    async ({ store }) => {
      const stop = new AbortController()
      const view = store.under(stop.signal)
      setImmediate(() => stop.abort())
      const all = await Promise.allSettled(['a', 'b', 'c'].map((name) => send(view, name)))
      for (const one of all) {
        assert.equal(one.status, 'rejected')
        assert.equal(one.status === 'rejected' && one.reason.fault, 'aborted')
      }
      assert.deepEqual(await send(store, 'd'), proven)
    },
  )
})

void test('who stops while a file is asked about and the next has begun ends both', async () => {
  await scene({ answers: { SIZE: [[usual], [silence], [usual]] } }, async ({ store, server }) => {
    const stop = new AbortController()
    const view = store.under(stop.signal)
    const both = Promise.allSettled(['a', 'b'].map((name) => send(view, name)))
    while (!server.heard.includes('SIZE /a')) await new Promise((resolve) => setImmediate(resolve))
    stop.abort()
    assert.deepEqual(
      (await both).map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    assert.deepEqual(await send(store, 'd'), proven)
  })
})
