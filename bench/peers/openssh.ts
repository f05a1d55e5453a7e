import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Contender, Site } from '../contender.ts'
import { makeUserKey, sshUser, userKey } from './user-key.ts'

const program = '/usr/sbin/sshd'

/** OpenSSH's sshd with the SFTP server inside it: a process a session, and one more that may nothing. */
export const openssh: Contender = {
  name: 'openssh',
  protocol: 'sftp',
  user: sshUser,
  password: '',
  key: userKey,
  missing: () => (existsSync(program) ? undefined : 'get it with: apt-get install openssh-server'),
  prepare: (site) => {
    // Where its processes without rights are locked up; Debian makes it when the service starts.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(site.folder, 'host-key')])
    const file = join(site.folder, 'sshd_config')
    writeFileSync(file, configuration(site, makeUserKey(site.folder)))
    return { command: program, words: ['-D', '-e', '-f', file] }
  },
}

function configuration({ files, folder, port }: Site, authorized: string): string {
  return `
# On loopback alone.
Port ${port}
ListenAddress 127.0.0.1
# What it keeps is kept in its own folder; nobody asks who may read that.
HostKey ${join(folder, 'host-key')}
PidFile none
StrictModes no
# One way in: a key. No PAM, no look at the client's name, no log.
AuthorizedKeysFile ${authorized}
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
LogLevel QUIET
PrintLastLog no
PrintMotd no
# It would drop connections that come together.
MaxStartups 10000
PerSourceMaxStartups none
# The server for SFTP inside sshd, which spares it a program; it begins in the folder.
Subsystem sftp internal-sftp -d ${files}
`
}
