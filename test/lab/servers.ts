import { existsSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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

const proftpd = '/usr/sbin/proftpd'

export function proftpdMissing(): string | undefined {
  return existsSync(proftpd) ? undefined : 'ProFTPD is not installed (proftpd-core)'
}

/** The password secret, as `openssl passwd -1` has it. */
const hash = '$1$ferry$HIz5lMYH7PxsSLAl9EN3I.'

/** ProFTPD on a host of the laboratory: a server that keeps no connection alive, and sends 4 KB a second. */
export async function serveProftpd(lab: Lab, host: Host, files: string, port: number): Promise<void> {
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
  await lab.start(host, [proftpd, '-n', '-c', config], /ProFTPD .*(?:standalone|STARTUP)|started/iu)
}
