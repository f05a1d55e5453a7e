import assert from 'node:assert/strict'
import { freePort } from './free-port.ts'
import { spawn } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { findProgram, libraryPath } from '../../bench/peers/unpacked.ts'
import { selfSigned } from '../../src/server/self-signed.ts'
import { runProgram } from './program.ts'
import { makeFile, sha256, temporaryFolder, until } from './scene.ts'

const proftpd = findProgram('proftpd', 'usr/sbin/proftpd')
const module = findProgram('proftpd', 'usr/lib/proftpd/mod_tls.so')
const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')

/** The password p, as `crypt` has it. */
const hash = '$1$ferry$He8Jc.wmFX32ppspxsgg60'

function missing(): string | false {
  if (proftpd === undefined || module === undefined) {
    return 'there is no ProFTPD with TLS (proftpd-core, proftpd-mod-crypto)'
  }
  return process.getuid?.() === 0 ? false : 'ProFTPD lets users in only when it runs as root'
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

test(
  'ProFTPD, which takes no data connection of another TLS session, gets and gives files',
  { skip: missing() },
  async (t) => {
    const folder = await temporaryFolder(t)
    const port = await freePort()
    const { chain, key } = selfSigned({
      names: ['localhost'],
      from: new Date('2020-01-01'),
      until: new Date('2049-01-01'),
    })
    await mkdir(join(folder, 'root'))
    await makeFile(join(folder, 'root', 'file'), 2_000_000)
    await writeFile(join(folder, 'cert'), chain)
    await writeFile(join(folder, 'key'), key, { mode: 0o600 })
    await writeFile(join(folder, 'users'), `u:${hash}:0:0::${join(folder, 'root')}:/bin/sh\n`, {
      mode: 0o600,
    })
    const lines = [
      'ServerType standalone',
      'DefaultAddress 127.0.0.1',
      `Port ${port}`,
      'User root',
      'Group root',
      'RootLogin on',
      `PidFile ${folder}/pid`,
      `ScoreboardFile ${folder}/score`,
      'DelayEngine off',
      'RequireValidShell off',
      'UseReverseDNS off',
      `AuthUserFile ${folder}/users`,
      'AuthOrder mod_auth_file.c',
      `ModulePath ${dirname(module ?? '')}`,
      'LoadModule mod_tls.c',
      'TLSEngine on',
      'TLSRequired on',
      `TLSRSACertificateFile ${folder}/cert`,
      `TLSRSACertificateKeyFile ${folder}/key`,
      `TLSLog ${folder}/log`,
    ]
    await writeFile(
      join(folder, 'conf'),
      `${lines.map((line) => line.replace('TLSRSA', 'TLSEC')).join('\n')}\n`,
    )
    const server = spawn(proftpd ?? '', ['-n', '-c', join(folder, 'conf')], {
      stdio: 'ignore',
      env: { ...process.env, ...libraryPath('proftpd') },
    })
    t.after(() => server.kill('SIGKILL'))
    await until('ProFTPD listens', () => takesConnections(port))
    const url = `ftp://u:p@127.0.0.1:${port}`
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
