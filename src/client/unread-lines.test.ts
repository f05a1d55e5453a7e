import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath, rootPath } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { memoryNetwork } from '../net/memory.ts'
import { memoryStore } from '../stores/memory.ts'
import { atMisbehaving } from '../testing/at-misbehaving.ts'
import { put } from '../testing/conforms-store/case.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { say, type FtpScript } from '../testing/misbehaving/script.ts'
import { misbehavingServer } from '../testing/misbehaving/server.ts'
import { connect } from './connect.ts'
import type { End } from './end.ts'
import { plan, type PlanOptions } from './plan.ts'

function at(store: Store): End {
  return { store, path: rootPath }
}

/** What a sync from such a server to a store with the files `a`, `b` and `c` would do. */
async function planned(script: FtpScript, options: PlanOptions): Promise<string[]> {
  const to = memoryStore()
  for (const name of ['a', 'b', 'c']) await put(to, parsePath(`/${name}`), 'bytes')
  return atMisbehaving(script, async (from) => {
    const lines: string[] = []
    for await (const action of plan(at(from), at(to), { compare: 'size', ...options })) {
      const why = action.kind === 'trouble' ? action.error.message : action.kind === 'skip' ? action.why : ''
      lines.push(`${action.kind} ${action.path} ${why}`.trim())
    }
    return lines
  })
}

const listing = '-rw-r--r-- 1 u g 5 Jan  2  2026 a\r\nb, which is the second file\r\n'
const refusals = ['502 No NLST here', '550 No files found']

test('nothing is removed where lines of the listing cannot be read and NLST does not tell', async () => {
  for (const refusal of refusals) {
    const script = { listing, answers: { NLST: [[say(refusal)]] } }
    assert.deepEqual(await planned(script, { delete: true }), [
      'trouble ? 1 line of the listing cannot be read, so nothing is removed in that directory',
    ])
    assert.deepEqual(await planned(script, {}), ['trouble ? 1 line of the listing cannot be read'])
  }
})

test('a listing of which nothing can be read is no empty source, whatever was allowed', async () => {
  const script = { listing: 'what is this?\r\nand that?\r\n', answers: { NLST: [[say('550 No files')]] } }
  const trouble = 'trouble ? 2 lines of the listing cannot be read, so nothing is removed in that directory'
  assert.deepEqual(await planned(script, { delete: true, deleteAll: true }), [trouble])
})

test('lines of MLSD that cannot be read keep everything too, and so do names that lead elsewhere', async () => {
  for (const odd of ['what is this?', 'type=file;size=4; ../b']) {
    const facts = `type=file;size=5; a\r\n${odd}\r\n`
    assert.deepEqual(await planned({ facts }, { delete: true }), [
      'trouble ? 1 line of the listing cannot be read, so nothing is removed in that directory',
    ])
  }
})

test('a listing that ends in the middle of a line keeps everything: the rest of it is missing, and of that name perhaps', async () => {
  const kept = 'trouble ? 1 line of the listing cannot be read, so nothing is removed in that directory'
  const files = { '/a': 'bytes', '/b': 'bytes' }
  const facts = 'type=file;size=5; a\r\ntype=file;size=5; b'
  assert.deepEqual(await planned({ facts, files }, { delete: true }), [kept])
  const cut = '-rw-r--r-- 1 u g 5 Jan  2  2026 a\r\n-rw-r--r-- 1 u g 5 Jan  2  2026 b'
  const answers = { NLST: [[say('502 No NLST here')]] }
  assert.deepEqual(await planned({ listing: cut, answers, files }, { delete: true }), [kept])
})

test('one line without an end is all that some servers have to say of one file', async () => {
  assert.deepEqual(await planned({ facts: 'type=file;size=5; a' }, { delete: true }), [
    'remove b',
    'remove c',
  ])
})

test('a library user can ask how many lines were left out', async () => {
  const clock = new FakeClock()
  const network = memoryNetwork()
  const script = { facts: 'type=file;size=5; a\r\nwhat is this?\r\n' }
  await using server = await misbehavingServer(script, { network, clock })
  const { host, port } = server
  await using remote = await connect(`ftp://test:secret@${host}:${port}/`, { network, clock })
  const names: string[] = []
  for await (const { entry } of remote.entries()) names.push(entry.name)
  assert.deepEqual(names, ['a'])
  assert.equal(remote.unread(), 1)
})

test('where NLST names what the listing does not, the rest is removed', async () => {
  const script = { listing, files: { '/a': 'bytes', '/b': 'bytes' } }
  assert.deepEqual(await planned(script, { delete: true }), ['remove c'])
})
