import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { memoryNetwork } from '../net/memory.ts'
import { memoryStore } from '../stores/memory.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { misbehavingServer } from '../testing/misbehaving/server.ts'
import { say, usual, type FtpScript, type Step } from '../testing/misbehaving/script.ts'
import { whileTurning } from '../testing/while-turning.ts'
import { connect } from './connect.ts'
import { copyFile } from './copy-file.ts'
import { copyPersistently } from './copy-persistently.ts'

const bytes = Buffer.alloc(1_500_000, 'Behind what has come, and nothing else. ')
const cutAt = 600_000

/** An upload that is cut off in the middle. */
const cut: readonly Step[] = [
  say('150 Ready'),
  { kind: 'receive', bytes: cutAt },
  { kind: 'cut-data' },
  say('426 Cut off'),
]

/** Sends the bytes to a server that does as the script says. */
async function send(script: FtpScript, path = '/new.bin', again?: (source: Store) => Promise<void>) {
  const clock = new FakeClock()
  const network = memoryNetwork()
  await using server = await misbehavingServer(script, { network, clock })
  await using remote = await connect(server.url, { network, clock, ftp: { tls: 'off' } })
  const here = memoryStore({ clock })
  const file = await here.open(parsePath('/here'), { write: true, create: 'allow' })
  await file.write([bytes], 0)
  await file.close()
  const entry = await here.stat(parsePath('/here'))
  let attempts = 0
  let moved = 0
  const sending = copyPersistently(
    { store: here, path: parsePath('/here') },
    { moved: (count) => (moved += count) },
    { clock, retries: 2 },
    async (how) => {
      attempts += 1
      if (attempts === 2) await again?.(here)
      return copyFile({ store: here, path: parsePath('/here') }, remote.at(path), { ...how, entry })
    },
  )
  const done = sending.then(
    (copied) => ({ copied, error: undefined }),
    (error: unknown) => ({ copied: undefined, error }),
  )
  return {
    ...(await whileTurning(clock, done)),
    moved,
    stored: server.stored.get(path),
    heard: [...server.heard],
  }
}

function restarts(heard: readonly string[]): readonly string[] {
  return heard.filter((line) => /^(?:REST|STOR|APPE)/u.test(line))
}

void test('an upload that broke off goes on behind what is there, by REST and STOR, on its own', async () => {
  const lost: readonly Step[] = [...cut.slice(0, 3), { kind: 'cut' }]
  for (const trouble of [cut, lost]) {
    const { copied, moved, stored, heard } = await send({ answers: { STOR: [trouble, [usual]] } })
    assert.equal(copied?.resumedAt, cutAt)
    assert.equal(copied?.completeness, 'proven')
    assert.deepEqual(Buffer.from(stored ?? []), bytes)
    assert.deepEqual(restarts(heard), ['STOR /new.bin', `REST ${cutAt}`, 'STOR /new.bin'])
    assert.equal(moved, bytes.length)
  }
})

void test('an upload whose session is cut off or closed before it begins is tried again', async () => {
  for (const kind of ['cut', 'close'] as const) {
    const { copied, stored } = await send({ answers: { STOR: [[{ kind }], [{ kind }], [usual]] } })
    assert.equal(copied?.completeness, 'proven')
    assert.deepEqual(Buffer.from(stored ?? []), bytes)
  }
})

void test('where REST is refused it goes on by APPE, if the file still ends there', async () => {
  for (const script of [
    { answers: { STOR: [cut], REST: [[say('502 No REST')]] } },
    { answers: { STOR: [cut, [say('451 Append/Restart not permitted, try again')]] } },
  ] satisfies FtpScript[]) {
    const { copied, stored, heard } = await send(script)
    assert.equal(copied?.resumedAt, cutAt)
    assert.deepEqual(Buffer.from(stored ?? []), bytes)
    assert.equal(restarts(heard).at(-1), 'APPE /new.bin')
  }
})

void test('where neither goes on behind a file, it is sent from its beginning', async () => {
  const refused = say('451 Append/Restart not permitted, try again')
  const { copied, stored, moved } = await send({
    answers: { STOR: [cut, [refused], [usual]], APPE: [[refused]] },
  })
  assert.deepEqual([copied?.resumedAt, copied?.completeness, moved], [0, 'proven', bytes.length])
  assert.deepEqual(Buffer.from(stored ?? []), bytes)
})

void test('an older file is gone on with by nobody, also where a server brings it back when an upload breaks off', async () => {
  const old = Buffer.alloc(400_000, 'old')
  const aside: readonly Step[] = [say('150 Ready'), { kind: 'cut-data' }, say('426 Cut off')]
  const { copied, stored, heard } = await send(
    { files: { '/old.bin': old }, answers: { STOR: [aside, [usual]] } },
    '/old.bin',
  )
  assert.equal(copied?.resumedAt, 0)
  assert.deepEqual(Buffer.from(stored ?? []), bytes)
  assert.deepEqual(restarts(heard), ['STOR /old.bin', 'STOR /old.bin'])
})

void test('a file that has changed meanwhile is sent from its beginning', async () => {
  const { copied, heard } = await send({ answers: { STOR: [cut, [usual]] } }, '/new.bin', (source) =>
    source.change(parsePath('/here'), { modified: new Date(1) }),
  )
  assert.equal(copied?.resumedAt, 0)
  assert.deepEqual(restarts(heard), ['STOR /new.bin', 'STOR /new.bin'])
})

void test('a download goes on from its beginning where the server cannot begin in the middle', async () => {
  const broken: readonly Step[] = [
    say('150 It comes'),
    { kind: 'send', to: come / whole },
    { kind: 'cut-data' },
    say('426 Cut'),
  ]
  const { resumedAt, from } = await fetch(memoryStore(), [broken, [usual]], 'no', {
    REST: [[say('502 No REST')]],
  })
  assert.deepEqual([resumedAt, from.at(-1)], [0, '0'])
})

void test('a server that cuts off every time is given up, and nothing is said to be there', async () => {
  const { copied, error, heard } = await send({ unknown: ['SIZE'], answers: { STOR: [cut] } })
  assert.equal(copied, undefined)
  assert.ok(error instanceof Error)
  assert.deepEqual(restarts(heard), ['STOR /new.bin', 'STOR /new.bin', 'STOR /new.bin'])
})

const whole = 1024 * 1024
/** What comes before it breaks off: to where the third piece ends that is moved at a time, as less than a piece is not kept. */
const come = 288 * 1024

/** Fetches the file with a client that does not go on by itself, and tells where each RETR began. */
async function fetch(
  here: Store,
  answers: readonly (readonly Step[])[],
  resume: 'no' | 'part',
  others: FtpScript['answers'] = {},
) {
  const clock = new FakeClock()
  const network = memoryNetwork()
  const script = { files: { '/there': bytes.subarray(0, whole) }, answers: { RETR: answers, ...others } }
  await using server = await misbehavingServer(script, { network })
  await using remote = await connect(server.url, { network, ftp: { tls: 'off', retries: 0 } })
  const target = { store: here, path: parsePath('/here') }
  const fetching = copyPersistently(
    remote.at('/there'),
    { resume },
    { clock, retries: answers.length - 1 },
    (how) => copyFile(remote.at('/there'), target, how),
  )
  const copied = await whileTurning(
    clock,
    fetching.catch(() => undefined),
  )
  const from = server.heard.flatMap((line, at) =>
    line.startsWith('RETR') ? [/^REST (\d+)/u.exec(server.heard[at - 1] ?? '')?.[1] ?? '0'] : [],
  )
  return { resumedAt: copied?.resumedAt, from }
}

void test('a download that broke off goes on behind what has come, and behind a part of before only if it is told to', async () => {
  const broken: readonly Step[] = [
    say('150 It comes'),
    { kind: 'send', to: come / whole },
    { kind: 'end-data' },
    say('426 Cut'),
  ]
  for (const resume of ['no', 'part'] as const) {
    const here = memoryStore()
    assert.equal((await fetch(here, [broken], 'no')).resumedAt, undefined)
    const begin = resume === 'part' ? come : 0
    assert.deepEqual(await fetch(here, [[usual]], resume), { resumedAt: begin, from: [String(begin)] })
    assert.deepEqual(await fetch(memoryStore(), [broken, [usual]], resume), {
      resumedAt: come,
      from: ['0', String(come)],
    })
  }
})

void test('what a client has tried again by itself is not tried as often once more around it', async () => {
  const broken: readonly Step[] = [say('150 It comes'), { kind: 'send', to: 0.1 }, { kind: 'cut' }]
  for (const [verb, answer] of [
    ['RETR', broken],
    ['MDTM', [{ kind: 'cut' }]],
  ] as const) {
    const clock = new FakeClock()
    const network = memoryNetwork()
    const script = { files: { '/there': bytes }, answers: { [verb]: [answer] } }
    await using server = await misbehavingServer(script, { network, clock })
    await using remote = await connect(server.url, { network, clock, ftp: { tls: 'off', retries: 2 } })
    const target = { store: memoryStore({ clock }), path: parsePath('/here') }
    const fetching = copyPersistently(remote.at('/there'), {}, { clock, retries: 2 }, (how) =>
      copyFile(remote.at('/there'), target, how),
    )
    const told = fetching.then(
      () => 'done',
      (thrown: unknown) => thrown,
    )
    assert.ok((await whileTurning(clock, told)) instanceof Error)
    assert.equal(server.heard.filter((line) => line.startsWith(verb)).length, 3, verb)
  }
})
