import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath } from '../../core/path.ts'
import type { RemoteStore } from '../../core/remote.ts'
import { atMisbehaving } from '../../testing/at-misbehaving.ts'
import { say, type FtpScript } from '../../testing/misbehaving/script.ts'

/** Does something at a server that behaves so, and tells what it heard. */
function at(script: FtpScript, work: (remote: RemoteStore) => Promise<void>): Promise<readonly string[]> {
  return atMisbehaving(script, async (remote, { heard }) => {
    await work(remote)
    return heard
  })
}

const file = parsePath('/file.bin')
const listing = 'drwxr-xr-x 1 u g 4096 Nov 20 01:00 folder\r\n-rw-r--r-- 1 u g 5 Nov 20 14:30 file.bin\r\n'

async function goOn(remote: RemoteStore): Promise<void> {
  const opened = await remote.open(file, { write: true, create: 'allow', truncate: true, from: 5 })
  await opened.write([new Uint8Array(3)], 5)
  await opened.abort(new Error('enough'))
}

test('a directory is one also where SIZE and MDTM tell of directories, which is found out once', async () => {
  const answers = { SIZE: [[say('213 4096')]], MDTM: [[say('213 20260102030405')]] }
  const files = { '/file.bin': 'hello', '/folder/inner': 'x' }
  const heard = await at({ listing, files, answers }, async (remote) => {
    for (const [path, kind] of [
      ['/folder', 'directory'],
      ['/file.bin', 'file'],
    ] as const)
      assert.equal((await remote.stat(parsePath(path))).kind, kind)
  })
  assert.equal(heard.filter((line) => line === 'SIZE /').length, 1)
})

test('who names what it can, and not REST, is asked to append, as it may cut the file', async () => {
  const files = { '/file.bin': 'hello' }
  const heard = await at({ listing, files, unknown: ['REST STREAM'] }, goOn)
  assert.ok(heard.includes('APPE /file.bin'), heard.join('\n'))
  assert.ok(!heard.some((line) => /^(?:REST|STOR)/u.test(line)))
  assert.ok((await at({ listing, files }, goOn)).includes('REST 5'))
  const neither = { listing, files, unknown: ['REST STREAM', 'APPE'] }
  assert.ok((await at(neither, goOn)).includes('REST 5'))
})

test('an upload goes on where the listing alone tells how long the file is', async () => {
  const heard = await at({ listing, unknown: ['SIZE', 'MDTM'] }, goOn)
  assert.ok(heard.includes('REST 5'), heard.join('\n'))
})
