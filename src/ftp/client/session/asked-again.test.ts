import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError, IncompleteError, NetworkError } from '../../../core/error.ts'
import { parsePath, rootPath } from '../../../core/path.ts'
import type { RemoteStore } from '../../../core/remote.ts'
import { atMisbehaving } from '../../../testing/at-misbehaving.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { say, usual, type FtpScript, type Step } from '../../../testing/misbehaving/script.ts'
import type { MisbehavingServer } from '../../../testing/misbehaving/server.ts'
import { whileTurning } from '../../../testing/while-turning.ts'

const file = parsePath('/file.bin')
const cut: readonly Step[] = [{ kind: 'cut' }]

function atServer<Result>(
  script: FtpScript,
  work: (remote: RemoteStore, server: MisbehavingServer) => Promise<Result>,
  retries?: number,
): Promise<Result> {
  const clock = new FakeClock()
  const options = retries === undefined ? { clock } : { clock, retries }
  return whileTurning(clock, atMisbehaving(script, work, options))
}

async function namesIn(remote: RemoteStore): Promise<readonly string[]> {
  const names: string[] = []
  for await (const batch of remote.list(rootPath)) names.push(...batch.map(({ name }) => name))
  return names
}

/** A listing of which only a part comes. */
function torn(to: number, ...end: readonly Step[]): readonly Step[] {
  return [say('150 It comes'), { kind: 'send', to }, ...end]
}

const listing = ['one', 'two', 'three', 'four']
  .map((name) => `-rw-r--r-- 1 u g 5 Mar  3  2020 ${name.padEnd(5, '_')}\r\n`)
  .join('')
const all = ['one__', 'two__', 'three', 'four_']

void test('a question is asked again, later each time, where the connection breaks', async () => {
  const script = { answers: { SIZE: [cut, cut, cut, [usual]], MLST: [cut] } }
  await atServer(script, async (remote, server) => {
    assert.equal((await remote.stat(file)).size, 100_000)
    assert.equal(server.connections, 4)
  })
})

void test('it is asked as often as was said, and the trouble is told then', async () => {
  await atServer(
    { answers: { SIZE: [cut] } },
    async (remote, { heard }) => {
      await assert.rejects(remote.stat(file), NetworkError)
      assert.equal(heard.filter((line) => line.startsWith('SIZE')).length, 1)
    },
    0,
  )
})

void test('a refusal is an answer', async () => {
  await atServer({ answers: { SIZE: [[say('550 No such file')]] } }, async (remote, { heard }) => {
    await assert.rejects(remote.stat(parsePath('/none')), FileError)
    assert.equal(heard.filter((line) => line.startsWith('USER')).length, 1)
  })
})

void test('a listing that broke off is begun anew, and nothing of it is told twice', async () => {
  for (const broken of [
    torn(0, { kind: 'cut' }),
    torn(0.5, { kind: 'cut' }),
    torn(0.6, { kind: 'end-data' }, say('426 Broken off')),
    torn(0.6, { kind: 'cut-data' }, say('426 Broken off')),
    torn(1, { kind: 'end-data' }, { kind: 'cut' }),
  ]) {
    const script = { listing, answers: { LIST: [broken, broken, [usual]] } }
    await atServer(script, async (remote) => assert.deepEqual(await namesIn(remote), all))
  }
})

void test('a listing that always breaks off is an error', async () => {
  const broken = torn(0.5, { kind: 'end-data' }, say('426 Broken off'))
  await atServer({ listing, answers: { LIST: [broken] } }, async (remote) => {
    await assert.rejects(namesIn(remote), IncompleteError)
  })
})

void test('what changes something is said once', async () => {
  await atServer({ answers: { DELE: [cut] } }, async (remote, { heard }) => {
    await assert.rejects(remote.remove(file), NetworkError)
    assert.equal(heard.filter((line) => line.startsWith('DELE')).length, 1)
  })
})

void test('nothing is asked again once all is ended', async () => {
  await atServer({}, async (remote, { heard }) => {
    await remote.end()
    const before = heard.length
    await assert.rejects(remote.stat(file), NetworkError)
    assert.equal(heard.length, before)
  })
})

void test('a removal that is said again in another session, and finds nothing there, is done', async () => {
  const gone = [say('550 No such file')]
  for (const answers of [{ DELE: [cut, gone] }, { DELE: [gone] }]) {
    await atServer({ answers }, async (remote, { heard }) => {
      await remote.stat(file)
      const removing = remote.remove(parsePath('/was'))
      if (answers.DELE.length === 1) await assert.rejects(removing, FileError)
      else await removing
      assert.equal(heard.filter((line) => line.startsWith('DELE')).length, answers.DELE.length)
    })
  }
})
