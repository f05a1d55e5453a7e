import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { startFerry } from './ferry.ts'
import { runProgram } from './program.ts'
import { makeFile, sha256, temporaryFolder } from './scene.ts'

const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')

test('cp has one server send to another, and with a rate it goes through here', async (t) => {
  const folder = await temporaryFolder(t)
  const urls: string[] = []
  for (const name of ['one', 'two']) {
    await mkdir(join(folder, name))
    const server = await startFerry(join(folder, name), '--host', '127.0.0.1')
    t.after(() => server.stop())
    urls.push(`ftp://u:p@127.0.0.1:${server.port}`)
  }
  await makeFile(join(folder, 'one', 'file'), 300_000)
  const [one = '', two = ''] = urls
  const across = await runProgram(
    process.execPath,
    [ferry, 'cp', '--tls', 'off', `${one}/file`, `${two}/across`],
    { folder },
  )
  assert.match(across.printed, /without passing here/u)
  const through = await runProgram(
    process.execPath,
    [ferry, 'cp', '--tls', 'off', '--rate', '50M', `${one}/file`, `${two}/through`],
    { folder },
  )
  assert.equal(through.code, 0, through.printed)
  assert.doesNotMatch(through.printed, /without passing here/u)
  const there = await runProgram(
    process.execPath,
    [ferry, 'cp', '--tls', 'off', `${one}/file`, `${one}/there`],
    { folder },
  )
  assert.match(there.printed, /without passing here/u)
  const wanted = await sha256(join(folder, 'one', 'file'))
  for (const copy of ['one/there', 'two/across', 'two/through'])
    assert.equal(await sha256(join(folder, copy)), wanted, copy)
})
