import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pyftpdlib } from '../../bench/peers/pyftpdlib.ts'
import { findProgram, libraryPath } from '../../bench/peers/unpacked.ts'
import type { Host, Lab } from './lab.ts'

export const ferry = [process.execPath, join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')]

/** Our server on a host of the laboratory; without TLS if the words do not name it. `through` is a program that starts it. */
export function serveAt(
  lab: Lab,
  host: Host,
  files: string,
  port: number,
  words: readonly string[],
  through: readonly string[] = [],
): Promise<void> {
  const command = [
    ...through,
    ...ferry,
    'serve',
    files,
    '--user',
    'anna:secret',
    '--sftp',
    'off',
    ...(words.includes('--tls') ? [] : ['--tls', 'off']),
    '--json',
    '--grace',
    '0',
    ...(words.includes('--ftp') ? words : ['--ftp', `${port}`, ...words]),
  ]
  return lab.start(host, command, /"ready":true/u)
}

/** A server of others on a host of the laboratory. */
export interface ForeignServer {
  /** Why it cannot be had here. */
  missing(): string | undefined
  serve(lab: Lab, host: Host, files: string, port: number): Promise<void>
}

const program = 'usr/sbin/proftpd'

/** The password secret, as `openssl passwd -1` has it. */
const hash = '$1$ferry$HIz5lMYH7PxsSLAl9EN3I.'

/** ProFTPD: a server that keeps no connection alive, and sends 4 KB a second. */
export const slowProftpd: ForeignServer = {
  missing: () =>
    findProgram('proftpd', program) === undefined ? 'get ProFTPD with: npm run bench -- --fetch' : undefined,
  serve: serveProftpd,
}

async function serveProftpd(lab: Lab, host: Host, files: string, port: number): Promise<void> {
  const users = join(files, '..', `users-${port}`)
  await chmod(files, 0o755)
  await writeFile(users, `anna:${hash}:65534:65534::${files}:/bin/sh\n`, { mode: 0o600 })
  const config = join(files, '..', `proftpd-${port}.conf`)
  await writeFile(
    config,
    `ServerName lab
ServerType standalone
Port ${port}
UseIPv6 off
User nobody
Group nogroup
PidFile ${files}/../proftpd-${port}.pid
ScoreboardFile none
DelayEngine off
UseReverseDNS off
RequireValidShell off
AuthPAM off
AuthOrder mod_auth_file.c
AuthUserFile ${users}
SocketOptions keepalive off
SystemLog none
TransferLog none
WtmpLog off
DefaultRoot ${files}
TimeoutIdle 600
TransferRate RETR 4
`,
  )
  const libraries = Object.entries(libraryPath('proftpd')).map(([name, value]) => `${name}=${value}`)
  const command = ['env', ...libraries, findProgram('proftpd', program) ?? program, '-n', '-c', config]
  await lab.start(host, command, /ProFTPD .*(?:standalone|STARTUP)|started/iu)
}

/** pyftpdlib, which was told that its public address is none. */
export const addresslessPyftpdlib: ForeignServer = {
  missing: () => pyftpdlib.missing(),
  serve(lab, host, files, port) {
    const script = `
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer
FTPHandler.authorizer = DummyAuthorizer()
FTPHandler.authorizer.add_user('anna', 'secret', ${JSON.stringify(files)}, perm='elradfmwMT')
FTPHandler.masquerade_address = '0.0.0.0'
server = FTPServer(('0.0.0.0', ${port}), FTPHandler)
print('it listens', flush=True)
server.serve_forever(handle_exit=False)
`
    return lab.start(host, ['/usr/bin/python3', '-c', script], /it listens/u)
  },
}
