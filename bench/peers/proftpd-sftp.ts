import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Contender, Site } from '../contender.ts'
import { findProgram, libraryPath, whyNot } from './unpacked.ts'
import { makeUserKey, userKey } from './user-key.ts'

const program = 'usr/sbin/proftpd'
const module = 'usr/lib/proftpd/mod_sftp.so'

/** Debian's ProFTPD with mod_sftp, which knows AES in counter mode and no cipher that authenticates. */
export const proftpdSftp: Contender = {
  name: 'proftpd-sftp',
  protocol: 'sftp',
  user: 'bench',
  password: '',
  key: userKey,
  missing: () => whyNot('proftpd', program) ?? whyNot('proftpd', module),
  prepare: (site) => {
    const { folder, files } = site
    const file = join(folder, 'proftpd.conf')
    makeUserKey(folder)
    // It reads keys in the format of RFC 4716 only, and host keys in PEM.
    writeFileSync(join(folder, 'keys'), keygen('-e', '-f', join(folder, 'authorized_keys')), { mode: 0o644 })
    keygen('-q', '-t', 'ecdsa', '-m', 'PEM', '-N', '', '-f', join(folder, 'host-key'))
    writeFileSync(join(folder, 'users'), `bench:x:65534:65534::${files}:/bin/false\n`, { mode: 0o600 })
    writeFileSync(file, configuration(site), { mode: 0o600 })
    return {
      command: findProgram('proftpd', program) ?? program,
      words: ['--nodaemon', '--quiet', '--config', file],
      environment: libraryPath('proftpd'),
    }
  },
}

function keygen(...words: string[]): string {
  return execFileSync('ssh-keygen', words, { encoding: 'utf8' })
}

function configuration({ folder, port }: Site): string {
  return `
ModulePath ${dirname(findProgram('proftpd', module) ?? module)}
LoadModule mod_sftp.c
# It listens by itself, on loopback alone.
ServerType standalone
DefaultServer on
DefaultAddress 127.0.0.1
SocketBindTight on
Port ${port}
UseIPv6 off
# Before anybody has logged in it runs as nobody, which exists everywhere.
User nobody
Group nogroup
# What it keeps is kept in its own folder.
PidFile ${join(folder, 'pid')}
ScoreboardFile none
# One virtual user, and neither PAM nor the accounts of this machine.
AuthOrder mod_auth_file.c
AuthUserFile ${join(folder, 'users')}
AuthPAM off
RequireValidShell off
# Its home is its root, and it may overwrite.
DefaultRoot ~
AllowOverwrite on
# No look at the client's name, no log, no limit on clients.
UseReverseDNS off
SystemLog none
TransferLog none
WtmpLog off
MaxInstances none
<IfModule mod_delay.c>
  DelayEngine off
</IfModule>
# SFTP instead of FTP, by the same key as the others.
SFTPEngine on
SFTPHostKey ${join(folder, 'host-key')}
SFTPAuthMethods publickey
SFTPAuthorizedUserKeys file:${join(folder, 'keys')}
`
}
