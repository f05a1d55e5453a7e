import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath } from '../core/path.ts'
import type { RemoteStore } from '../core/remote.ts'
import { memoryStore } from '../stores/memory.ts'
import { atMisbehaving } from '../testing/at-misbehaving.ts'
import { put } from '../testing/conforms-store/case.ts'
import type { FtpScript } from '../testing/misbehaving/script.ts'
import { copyFile } from './copy-file.ts'
import { isDirectory } from './make-directory.ts'
import { OwnPart, worthGoingOn } from './own-part.ts'

/** The verbs that such a server heard, behind the login. */
function heardBy(
  script: FtpScript,
  work: (remote: RemoteStore) => Promise<void>,
): Promise<readonly string[]> {
  return atMisbehaving(script, async (remote, { heard }) => {
    const before = heard.length
    await work(remote)
    return heard.slice(before).map((line) => line.split(' ')[0] ?? '')
  })
}

const withSize = { features: ['SIZE', 'EPSV'] }

test('whether there is a directory is one question, also where MLST is not known', async () => {
  const verbs = await heardBy(withSize, async (remote) => {
    assert.equal(await isDirectory(remote, parsePath('/new.bin')), false)
    assert.equal(await isDirectory(remote, parsePath('/')), true)
  })
  assert.deepEqual(verbs, ['CWD', 'CWD'])
})

test('a large file is sent to a new name without a listing of all that is beside it', async () => {
  const from = memoryStore()
  const path = parsePath('/new.bin')
  await put(from, path, 'x'.repeat(worthGoingOn))
  const verbs = await heardBy(withSize, async (remote) => {
    const copied = await copyFile({ store: from, path }, { store: remote, path }, { own: new OwnPart() })
    assert.equal(copied.completeness, 'proven')
  })
  assert.ok(!verbs.includes('LIST') && !verbs.includes('MLSD'), verbs.join(' '))
})

test('where SIZE is not known, the listing tells how much is there', async () => {
  const listing = '-rw-r--r-- 1 u g 7 Jan  2  2026 part.bin\r\n'
  await heardBy({ listing, unknown: ['SIZE'] }, async (remote) => {
    assert.equal(await remote.begun?.(parsePath('/part.bin')), 7)
    assert.equal(await remote.begun?.(parsePath('/none.bin')), undefined)
  })
})

test('more sessions of one login ask neither what the server can do nor where they have landed', async () => {
  const from = memoryStore()
  const path = parsePath('/new.bin')
  await put(from, path, 'x')
  const verbs = await heardBy(withSize, async (remote) => {
    const source = await remote.open(parsePath('/file.bin'), { read: true })
    // The first session is busy with what is read.
    await copyFile({ store: from, path }, { store: remote, path })
    await source.abort(new Error('enough'))
  })
  // Behind ABOR a PWD makes sure that all replies have come.
  const until = verbs.slice(0, verbs.indexOf('ABOR'))
  assert.ok(until.includes('USER') && until.includes('STOR'))
  assert.ok(!until.includes('FEAT') && !until.includes('PWD'), until.join(' '))
})
