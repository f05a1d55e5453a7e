import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { FileError } from '../core/error.ts'
import { memoryStore } from '../stores/memory.ts'
import { testServer } from '../testing/test-server.ts'
import { connect } from './connect.ts'
import { Remote } from './remote.ts'

const never = (value: unknown) => value as never

test('what cannot be sent is named, and the file that it would have replaced is as it was', async () => {
  const remote = new Remote(memoryStore())
  await remote.put(Buffer.from('old'), '/file')
  for (const wrong of [5, undefined, null, true, {}, new ArrayBuffer(3)])
    await assert.rejects(remote.put(never(wrong), '/file'), (thrown: unknown) => {
      assert.ok(thrown instanceof TypeError)
      return /^what is sent is a path, .+, not /u.test(thrown.message)
    })
  assert.equal((await remote.stat('/file')).size, 3)
})

test('what nothing can be written to is named', async () => {
  const remote = new Remote(memoryStore())
  await remote.put(Buffer.from('content'), '/file')
  for (const wrong of [5, undefined, null, {}])
    await assert.rejects(remote.get('/file', never(wrong)), /^TypeError: what is fetched goes to a path or/u)
})

test('where to connect to is a URL, as text or not, or a path, and never empty', async () => {
  for (const wrong of [undefined, null, 5, {}])
    await assert.rejects(connect(never(wrong)), /^TypeError: where to connect to is a URL or a path, not /u)
  await assert.rejects(connect(''), (thrown) => thrown instanceof FileError && thrown.fault === 'invalid')
  await using server = await testServer({ 'a b.txt': 'text' })
  await using remote = await connect(new URL(server.url))
  assert.equal((await remote.stat('a b.txt')).size, 4)
})

test('what goes wrong with a file of this machine names it, as it was given', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ferry-wrong-calls-'))
  try {
    await using server = await testServer({ file: 'content' })
    await using remote = await connect(server.url)
    const missing = join(folder, 'missing')
    await assert.rejects(remote.put(missing, 'new'), {
      fault: 'not-found',
      message: `${missing}: no such file or directory`,
      facts: { path: missing },
    })
    const inMissing = join(folder, 'missing', 'file')
    await assert.rejects(remote.get('file', inMissing), {
      fault: 'not-found',
      message: `${inMissing}: no such file or directory`,
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('what goes wrong at the other end names no file of this machine', async () => {
  const near = join(tmpdir(), 'ferry-never-made')
  await using server = await testServer()
  await using remote = await connect(server.url)
  await assert.rejects(remote.get('missing', near), /^FileError: look at \/missing: /u)
  await assert.rejects(new Remote(memoryStore()).get('/missing', near), /^FileError: no such file/u)
})
