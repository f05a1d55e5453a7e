import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IncompleteError } from '../core/error.ts'
import { parsePath, rootPath } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { memoryNetwork } from '../net/memory.ts'
import { memoryStore } from '../stores/memory.ts'
import { namesIn } from '../testing/conforms-store/case.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { say, usual, type FtpScript, type Step } from '../testing/misbehaving/script.ts'
import { misbehavingServer } from '../testing/misbehaving/server.ts'
import { fileText, putFile } from '../testing/store-files.ts'
import { whileTurning } from '../testing/while-turning.ts'
import { connect } from './connect.ts'
import { copyFile, type CopyHow } from './copy-file.ts'
import { copyPersistently } from './copy-persistently.ts'
import { copySegments } from './segments.ts'

const path = parsePath('/file')
const MiB = 1024 * 1024
const [old, fresh] = ['o'.repeat(4 * MiB), 'n'.repeat(4 * MiB)]
const times = [[say('213 20260101120003')], [say('213 20260101120008')]] as const
const it = [say('150 It comes')]
const broken: readonly Step[] = [...it, { kind: 'send', to: 0.5 }, { kind: 'cut-data' }, say('426 Cut')]
const torn: readonly Step[] = [...it, { kind: 'send' }, { kind: 'end-data' }, say('451 It was written over')]

interface Fetching extends CopyHow {
  readonly script: FtpScript
  readonly retries: number
  readonly segments?: number
  readonly here?: Store
}

/** Fetches the file from a server that has the new one; what its answers tell of the time may say that it had another before. */
async function fetch({ script, retries, segments = 1, here = memoryStore(), ...how }: Fetching) {
  const clock = new FakeClock()
  const network = memoryNetwork()
  await using server = await misbehavingServer({ files: { '/file': fresh }, ...script }, { network, clock })
  await using remote = await connect(server.url, { network, clock, ftp: { tls: 'off', retries: 0 } })
  const [from, to] = [remote.at('/file'), { store: here, path }]
  const entry = await remote.stat('/file')
  const whys: string[] = []
  const begunAnew = ({ message }: Error): void => void whys.push(message)
  const done = copyPersistently(from, { ...how, entry, begunAnew }, { clock, retries }, (each) =>
    segments > 1 ? copySegments(from, to, segments, each) : copyFile(from, to, each),
  ).then(
    (copied) => ({ copied, error: undefined }),
    (error: unknown) => ({ copied: undefined, error }),
  )
  return {
    ...(await whileTurning(clock, done)),
    whys,
    here,
    names: await namesIn(here, rootPath),
    heard: server.heard,
  }
}

test('a download that broke begins anew where the file is another by then, and says so', async () => {
  const script = { answers: { RETR: [broken, [usual]], MDTM: times } }
  const { copied, whys, here, names, heard } = await fetch({ script, retries: 2 })
  assert.deepEqual([copied?.size, copied?.resumedAt, copied?.completeness], [4 * MiB, 0, 'proven'])
  assert.equal(whys.length, 1)
  assert.match(whys[0] ?? '', /changed while it was fetched/u)
  assert.equal(await fileText(here, path), fresh)
  assert.deepEqual(names, ['file'])
  assert.ok(!heard.some((line) => line.startsWith('REST')))
})

test('what the server calls torn is kept by nobody, and a file that it was to go on behind is what it was', async () => {
  const script = { answers: { RETR: [torn] } }
  const { error, whys, names } = await fetch({ script, retries: 1 })
  assert.ok(error instanceof IncompleteError)
  assert.deepEqual([error.facts.code, whys.length, names.length], [451, 1, 0])
  const here = memoryStore()
  await putFile(here, path, 'mine')
  const tail: readonly Step[] = [
    ...it,
    { kind: 'send' },
    { kind: 'end-data' },
    say('451 It was written over'),
  ]
  const again = await fetch({ script: { answers: { RETR: [tail] } }, retries: 0, resume: 'file', here })
  assert.ok(again.error instanceof IncompleteError)
  assert.deepEqual([await fileText(here, path), again.names], ['mine', ['file']])
})

test('parts that come at once are of one file, or come again', async () => {
  const stays = await fetch({ script: { answers: { MDTM: [times[0]] } }, retries: 1, segments: 3 })
  assert.deepEqual([stays.copied?.size, stays.whys], [4 * MiB, []])
  // It is looked at when the copy is asked for, when it begins, by three parts, and at the end.
  const MDTM = [...Array.from({ length: 5 }, () => times[0]), times[1]]
  const { copied, whys, here, names } = await fetch({
    script: { answers: { MDTM } },
    retries: 1,
    segments: 3,
  })
  assert.deepEqual([copied?.size, whys.length, names], [4 * MiB, 1, ['file']])
  assert.equal(await fileText(here, path), fresh)
  const failed = await fetch({ script: { answers: { MDTM } }, retries: 0, segments: 3 })
  assert.ok(failed.error instanceof IncompleteError)
  assert.deepEqual(failed.names, [])
})

test('a file of this machine that changed between two attempts is sent from its beginning', async () => {
  const [here, there] = [memoryStore({ clock: new FakeClock() }), memoryStore()]
  await putFile(here, path, old)
  const entry = await here.stat(path)
  const clock = new FakeClock()
  let attempts = 0
  const moved = (): void => {
    attempts += 1
    if (attempts === 3) throw new IncompleteError('it broke', 1, 2, { facts: { retryable: true } })
  }
  const from = { store: here, path }
  const turns = { over: false }
  const done = copyPersistently(from, { entry, moved }, { clock, retries: 3 }, (how) =>
    copyFile(from, { store: there, path }, how),
  ).finally(() => (turns.over = true))
  let isOther = false
  while (!turns.over) {
    await new Promise((resolve) => setImmediate(resolve))
    if (attempts >= 3 && !isOther) {
      isOther = true
      await here.remove(path)
      await putFile(here, path, fresh)
      await here.change(path, { modified: new Date(5) })
    }
    await clock.advance(100)
  }
  assert.equal((await done).resumedAt, 0)
  assert.equal(await fileText(there, path), fresh)
  assert.deepEqual(await namesIn(there, rootPath), ['file'])
})

test('a file that was written anew while it was sent is none, also where it is longer by then', async () => {
  const [here, there] = [memoryStore(), memoryStore()]
  await putFile(here, path, old)
  let others: Promise<void> | undefined
  const moved = (): void => void (others ??= rewrite(here))
  const copied = copyFile({ store: here, path }, { store: there, path }, { moved })
  await assert.rejects(copied, (thrown) => thrown instanceof IncompleteError && thrown.facts.anew === true)
  await others
  assert.deepEqual(await namesIn(there, rootPath), [])
})

async function rewrite(store: Store): Promise<void> {
  const file = await store.open(path, { write: true })
  await file.write([Buffer.from(`${fresh}more`)], 0)
  await file.close()
  await store.change(path, { modified: new Date(7) })
}

test('a directory does not come in parts', async () => {
  const here = memoryStore()
  const from = { store: here, path: rootPath }
  await assert.rejects(copySegments(from, { store: memoryStore(), path }, 3, {}), /is a directory/u)
})

test('a part of another version is left alone, which is said to who wanted to go on', async () => {
  const here = memoryStore()
  const first = await fetch({ script: { answers: { RETR: [broken], MDTM: [times[0]] } }, retries: 0, here })
  assert.deepEqual([first.names.length, first.whys], [1, []])
  const again = await fetch({ script: { answers: { MDTM: [times[1]] } }, retries: 0, resume: 'file', here })
  assert.deepEqual([again.copied?.resumedAt, again.copied?.completeness], [0, 'proven'])
  assert.match(again.whys[0] ?? '', /^what came before is of another version of file/u)
  assert.equal(await fileText(here, path), fresh)
  const more = await fetch({ script: {}, retries: 0, resume: 'file', here: memoryStore() })
  assert.deepEqual(more.whys, [])
})
