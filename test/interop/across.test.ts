import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { startFerry } from './ferry.ts'
import { runProgram } from './program.ts'
import { makeFile, sha256, temporaryFolder } from './scene.ts'
import { missingProftpd, startProftpd } from './servers/proftpd-tls.ts'

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

test(
  'under TLS two ProFTPDs send to one another by SSCN if --across says so and they trust one another, else it goes through here',
  { skip: missingProftpd() },
  async (t) => {
    const folder = await temporaryFolder(t)
    const start = async (name: string, ...more: readonly string[]): Promise<string> => {
      await mkdir(join(folder, name, 'root'), { recursive: true })
      // Neither can show the other a session that it has agreed on with us.
      const lines = ['AllowOverwrite on', 'TLSOptions NoSessionReuseRequired', ...more]
      return startProftpd(t, join(folder, name), lines)
    }
    const one = await start('one')
    const two = await start('two', 'TLSVerifyServer off')
    // Its certificate says nothing to this one, which then is no client.
    const strict = await start('strict')
    await makeFile(join(folder, 'one', 'root', 'file'), 3_000_000)
    const wanted = await sha256(join(folder, 'one', 'root', 'file'))
    for (const { to, words, passes } of [
      { to: `${two}/across`, words: ['--across'], passes: false },
      { to: `${two}/through`, words: [], passes: true },
      { to: `${strict}/distrusted`, words: ['--across'], passes: true },
    ]) {
      const ran = await runProgram(
        process.execPath,
        [ferry, 'cp', '--transcript', 'said', ...words, `${one}/file`, to],
        { folder },
      )
      const said = await readFile(join(folder, 'said'), 'utf8')
      assert.equal(ran.code, 0, ran.printed)
      assert.equal(/without passing here/u.test(ran.printed), !passes, ran.printed)
      assert.equal(/SSCN ON/u.test(said), words.length > 0, said)
    }
    for (const copy of ['two/root/across', 'two/root/through', 'strict/root/distrusted']) {
      assert.equal(await sha256(join(folder, copy)), wanted, copy)
    }
  },
)
