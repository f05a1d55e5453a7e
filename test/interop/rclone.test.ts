import assert from 'node:assert/strict'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { startFerry } from './ferry.ts'
import { programVersion, runProgram } from './program.ts'
import { makeFile, sha256, temporaryFolder } from './scene.ts'

const version = programVersion('rclone', { words: ['version'] })
const skip = version === undefined ? 'rclone is not installed (apt-get install rclone)' : false

const tls = ',explicit_tls=true,no_check_certificate=true'
const ways: readonly { readonly how: string; readonly secure: string; readonly serve: readonly string[] }[] =
  [
    { how: 'in clear', secure: '', serve: [] },
    { how: 'in TLS without keeping sessions', secure: `${tls},tls_cache_size=0`, serve: [] },
    { how: 'with one TLS session for all its connections', secure: tls, serve: ['--tls-reuse', 'address'] },
  ]

for (const { how, secure, serve } of ways) {
  void test(`rclone over FTP, ${how}: a folder up and down, four files at once`, { skip }, async (t) => {
    const folder = await temporaryFolder(t)
    for (const name of ['files', 'from']) await mkdir(join(folder, name))
    const names = Array.from({ length: 12 }, (_, at) => `file ${at}`)
    await Promise.all(names.map((name, at) => makeFile(join(folder, 'from', name), at * 20_000)))
    const ferry = await startFerry(join(folder, 'files'), '--host', '127.0.0.1', '--verbose', ...serve)
    t.after(() => ferry.stop())
    const hidden = await runProgram('rclone', ['obscure', 'p'], { folder })
    const remote = `:ftp,host=127.0.0.1,port=${ferry.port},user=u,pass=${hidden.printed.trim()}${secure}:`
    for (const [from, to] of [
      ['from', `${remote}there`],
      [`${remote}there`, 'back'],
    ] as const) {
      const words = ['--config', '/dev/null', '--retries', '1', '--low-level-retries', '1', 'sync', from, to]
      const ended = await runProgram('rclone', words, { folder })
      assert.equal(ended.code, 0, `${ended.printed}\n${ferry.transcript().slice(-40000)}`)
    }
    assert.equal((await readdir(join(folder, 'back'))).length, names.length)
    for (const name of names)
      assert.equal(await sha256(join(folder, 'back', name)), await sha256(join(folder, 'from', name)))
  })
}
