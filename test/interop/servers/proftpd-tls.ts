import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { findProgram, libraryPath } from '../../../bench/peers/unpacked.ts'
import { selfSigned } from '../../../src/server/self-signed.ts'
import { freePort } from '../free-port.ts'
import { until } from '../scene.ts'

const proftpd = findProgram('proftpd', 'usr/sbin/proftpd')
const module = findProgram('proftpd', 'usr/lib/proftpd/mod_tls.so')

/** The password p, as `crypt` has it. */
const hash = '$1$ferry$He8Jc.wmFX32ppspxsgg60'

/** Why there can be no ProFTPD with TLS here; false: there can. */
export function missingProftpd(): string | false {
  if (proftpd === undefined || module === undefined) {
    return 'there is no ProFTPD with TLS (proftpd-core, proftpd-mod-crypto)'
  }
  return process.getuid?.() === 0 ? false : 'ProFTPD lets users in only when it runs as root'
}

/**
 * Starts a ProFTPD that requires TLS, with the files of `root` below the folder, its log in `log`, and these lines more in its
 * configuration; gives its URL.
 */
export async function startProftpd(
  t: TestContext,
  folder: string,
  more: readonly string[] = [],
): Promise<string> {
  const port = await freePort()
  const { chain, key } = selfSigned({
    names: ['localhost'],
    from: new Date('2020-01-01'),
    until: new Date('2049-01-01'),
  })
  await mkdir(join(folder, 'root'), { recursive: true })
  await writeFile(join(folder, 'cert'), chain)
  await writeFile(join(folder, 'key'), key, { mode: 0o600 })
  await writeFile(join(folder, 'users'), `u:${hash}:0:0::${join(folder, 'root')}:/bin/sh\n`, { mode: 0o600 })
  await writeFile(join(folder, 'conf'), `${[...linesOf(folder, port), ...more].join('\n')}\n`)
  const server = spawn(proftpd ?? '', ['-n', '-c', join(folder, 'conf')], {
    stdio: 'ignore',
    env: { ...process.env, ...libraryPath('proftpd') },
  })
  t.after(() => server.kill('SIGKILL'))
  await until('ProFTPD listens', () => takesConnections(port))
  return `ftp://u:p@127.0.0.1:${port}`
}

function linesOf(folder: string, port: number): readonly string[] {
  return [
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
    `TLSECCertificateFile ${folder}/cert`,
    `TLSECCertificateKeyFile ${folder}/key`,
    `TLSLog ${folder}/log`,
  ]
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
