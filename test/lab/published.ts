import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { addresses, type Lab } from './lab.ts'
import { serveAt } from './servers.ts'

const sshd = '/usr/sbin/sshd'

export function sshdMissing(): string | undefined {
  return existsSync(sshd) ? undefined : 'OpenSSH is not installed (openssh-server)'
}

/**
 * Our server on the host behind the router that forwards nothing, published through an sshd on the public host; `folder` is
 * for keys and settings of both.
 */
export async function servePublished(
  lab: Lab,
  folder: string,
  files: string,
  port: number,
  words: readonly string[] = [],
): Promise<void> {
  const home = join(folder, 'home')
  await mkdir(join(home, '.ssh'), { recursive: true, mode: 0o700 })
  await mkdir('/run/sshd', { recursive: true })
  for (const name of ['host', 'user'])
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)])
  const settings = [
    'Port=22',
    `HostKey=${join(folder, 'host')}`,
    `AuthorizedKeysFile=${join(folder, 'user.pub')}`,
    'StrictModes=no',
    'UsePAM=no',
    'PidFile=none',
    'PermitRootLogin=yes',
    'AllowTcpForwarding=yes',
    'GatewayPorts=clientspecified',
    // The old connection gives its ports back soon.
    'ClientAliveInterval=1',
    'ClientAliveCountMax=2',
  ].flatMap((setting) => ['-o', setting])
  await lab.start('public', [sshd, '-D', '-e', '-f', '/dev/null', ...settings], /Server listening/u)
  const host = [`Host ${addresses.public}`, 'User root', `IdentityFile ${join(folder, 'user')}`]
  await writeFile(
    join(home, '.ssh', 'config'),
    `${[...host, 'StrictHostKeyChecking accept-new'].join('\n')}\n`,
  )
  const publish = ['--publish', `ssh://${addresses.public}`, '--data', join(folder, 'data')]
  await serveAt(lab, 'server', files, port, [...publish, ...words], ['env', `HOME=${home}`])
}
