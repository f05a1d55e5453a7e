import assert from 'node:assert/strict'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { runProgram } from './program.ts'
import { makeFile, sha256, temporaryFolder } from './scene.ts'
import { missingProftpd, startProftpd } from './servers/proftpd-tls.ts'

const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')

test(
  'ProFTPD, which takes no data connection of another TLS session, gets and gives files',
  { skip: missingProftpd() },
  async (t) => {
    const folder = await temporaryFolder(t)
    await mkdir(join(folder, 'root'))
    await makeFile(join(folder, 'root', 'file'), 2_000_000)
    const url = await startProftpd(t, folder)
    const got = await runProgram(process.execPath, [ferry, 'get', `${url}/file`, '-o', 'copy'], { folder })
    assert.equal(got.code, 0, got.printed)
    const sent = await runProgram(process.execPath, [ferry, 'put', 'copy', `${url}/back`], { folder })
    assert.equal(sent.code, 0, sent.printed)
    for (const copy of ['copy', 'root/back']) {
      assert.equal(await sha256(join(folder, copy)), await sha256(join(folder, 'root', 'file')), copy)
    }
    assert.match(await readFile(join(folder, 'log'), 'utf8'), /reused TLS session for data connection/u)
    // Nobody is there to say that this certificate is right.
    const strict = await runProgram(process.execPath, [ferry, 'ls', '--tls', 'require', `${url}/`], {
      folder,
    })
    assert.equal(strict.code, 7, strict.printed)
    const clear = await runProgram(process.execPath, [ferry, 'ls', '--tls', 'off', `${url}/`], { folder })
    assert.equal(clear.code, 4, clear.printed)
  },
)
