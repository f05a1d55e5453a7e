import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath, rootPath } from '../../../core/path.ts'
import type { RemoteStore } from '../../../core/remote.ts'
import { transfer } from '../../../core/transfer.ts'
import { copyFile } from '../../../client/copy-file.ts'
import { isDirectory } from '../../../client/make-directory.ts'
import { OwnPart, worthGoingOn } from '../../../client/own-part.ts'
import { memoryStore } from '../../../stores/memory.ts'
import { namesIn, put } from '../../../testing/conforms-store/case.ts'
import { atMisbehaving } from '../../../testing/at-misbehaving.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { say, usual, type FtpScript } from '../../../testing/misbehaving/script.ts'
import { whileTurning } from '../../../testing/while-turning.ts'

const files = { '/one': 'first' }
const known: FtpScript = { features: ['PASV', 'TVFS'], files, greeting: [say('220 (vsFTPd 3.0.3)')] }
const path = parsePath('/one')

async function get(store: RemoteStore): Promise<string> {
  const file = await store.open(path, { read: true, expected: 5 })
  const into = new Uint8Array(10)
  const count = await transfer(file, () => file.read(into, 0))
  return new TextDecoder().decode(into.subarray(0, count))
}

/** What the client says at such a server, and nothing was answered in between: an item a round trip. */
async function turnsAt(script: FtpScript, work: (store: RemoteStore) => Promise<unknown>): Promise<string[]> {
  const turns: string[] = []
  let last = ''
  const said = (from: string, line: string) => {
    if (from === 'client') turns.push(last === 'client' ? `${turns.pop() ?? ''}, ${line}` : line)
    last = from
  }
  const clock = new FakeClock()
  await whileTurning(clock, atMisbehaving(script, work, { clock, user: 'anna', tls: 'off', said }))
  return turns
}

test('a server that is known to take it is asked in few round trips', async () => {
  const turns = await turnsAt(known, async (store) => {
    assert.equal((await store.stat(path)).size, 5)
    assert.equal(await get(store), 'first')
  })
  assert.deepEqual(turns, [
    'USER anna',
    'PASS ****',
    'FEAT, OPTS UTF8 ON, PWD, TYPE I',
    'SIZE /one, MDTM /one, SIZE /',
    'EPSV, RETR /one',
    'QUIT',
  ])
})

test('a large file goes to a new name there in few round trips', async () => {
  const source = memoryStore()
  await put(source, path, 'x'.repeat(worthGoingOn))
  const to = parsePath('/new')
  const turns = await turnsAt(known, async (store) => {
    assert.equal(await isDirectory(store, to), false)
    const how = { own: new OwnPart() }
    const { completeness } = await copyFile({ store: source, path }, { store, path: to }, how)
    assert.equal(completeness, 'proven')
  })
  assert.deepEqual(turns.slice(3, 5), ['CWD /new, SIZE /new', 'EPSV, STOR /new'])
  assert.match(turns[5] ?? '', /^SIZE \/new, MDTM /u)
  assert.equal(turns[6], 'QUIT')
})

test('what was told of a size is not believed any more once something was written', async () => {
  await turnsAt(known, async (store) => {
    const to = parsePath('/new')
    await isDirectory(store, to)
    await put(store, to, 'here')
    assert.equal(await store.begun?.(to), 4)
  })
})

test('an upload over a file waits for its data connection', async () => {
  const source = memoryStore()
  await put(source, path, 'x'.repeat(worthGoingOn))
  const turns = await turnsAt(known, async (store) => {
    await isDirectory(store, path)
    await copyFile({ store: source, path }, { store, path }, { own: new OwnPart() })
  })
  assert.deepEqual(turns.slice(3, 6), ['CWD /one, SIZE /one', 'EPSV', 'STOR /one'])
})

test('of a server that nobody knows nothing is asked before what is in front is answered', async () => {
  const turns = await turnsAt({ files }, (store) => store.stat(path))
  assert.deepEqual(turns.slice(2), [
    'FEAT',
    'OPTS UTF8 ON',
    'PWD',
    'TYPE I',
    'SIZE /one',
    'MDTM /one',
    'SIZE /',
    'QUIT',
  ])
})

for (const together of ['drops', 'cuts'] as const) {
  test(`where something on the way ${together} what comes together, the login goes one by one`, async () => {
    const turns = await turnsAt({ ...known, together }, async (store) => {
      assert.equal((await store.stat(path)).size, 5)
      assert.deepEqual(await namesIn(store, rootPath), ['one'])
      assert.equal(await get(store), 'first')
    })
    assert.equal(turns.filter((turn) => turn.includes(', ')).length, 1)
  })
}

test('a port that cannot be reached is found out once, and the next way is gone', async () => {
  const closed = [{ kind: 'listen', refuses: true }, say('229 Extended (|||{port}|)')] as const
  const turns = await turnsAt({ ...known, answers: { EPSV: [closed] } }, async (store) => {
    assert.equal(await get(store), 'first')
    assert.deepEqual(await namesIn(store, rootPath), ['one'])
  })
  assert.equal(turns.filter((turn) => turn.includes('EPSV')).length, 1)
})

test('what a server does not know of all that it is asked at once does no harm', async () => {
  const script: FtpScript = { ...known, unknown: ['FEAT', 'OPTS', 'MDTM', 'EPSV'] }
  await turnsAt(script, async (store) => {
    assert.deepEqual(await namesIn(store, rootPath), ['one'])
    assert.equal(await get(store), 'first')
  })
})

test('421 in the middle of what was asked at once is told', async () => {
  const script: FtpScript = { ...known, answers: { PWD: [[say('421 Closing'), { kind: 'close' }], [usual]] } }
  const turns = await turnsAt(script, (store) => store.stat(path))
  assert.equal(turns.filter((turn) => turn.startsWith('USER')).length, 2)
})
