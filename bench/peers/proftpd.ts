import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Contender, Site } from '../contender.ts'
import { findProgram, libraryPath, whyNot } from './unpacked.ts'

const program = 'usr/sbin/proftpd'

/** Debian's ProFTPD: a process a session, sendfile. */
export const proftpd: Contender = {
  name: 'proftpd',
  protocol: 'ftp',
  user: 'bench',
  password: 'bench',
  missing: () => whyNot('proftpd', program),
  prepare: (site) => {
    const file = join(site.folder, 'proftpd.conf')
    writeFileSync(join(site.folder, 'users'), `bench:${bench}:65534:65534::${site.files}:/bin/false\n`, {
      mode: 0o600,
    })
    writeFileSync(file, configuration(site), { mode: 0o600 })
    return {
      command: findProgram('proftpd', program) ?? program,
      words: ['--nodaemon', '--quiet', '--config', file],
      environment: libraryPath('proftpd'),
    }
  },
}

/** "bench" by the oldest way of crypt(3), which costs nothing: logins are measured, not hashing. */
const bench = 'beXASnuSGSZa.'

function configuration({ folder, port }: Site): string {
  return `
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
# The list of who is there, for ftpwho: kept, it makes logins that come together wait 0.4 s for one another.
ScoreboardFile none
# One virtual user, and neither PAM nor the accounts of this machine.
AuthOrder mod_auth_file.c
AuthUserFile ${join(folder, 'users')}
AuthPAM off
RequireValidShell off
# Its home is its root.
DefaultRoot ~
# It may overwrite, as the users of the other servers may.
AllowOverwrite on
# No look at the client's name, no log, as with all the others.
UseReverseDNS off
SystemLog none
TransferLog none
WtmpLog off
# By default logins are held back so that their time betrays nothing; that would be measured as slowness.
<IfModule mod_delay.c>
  DelayEngine off
</IfModule>
# No limit on clients. There is none on the rate by default.
MaxInstances none
# sendfile is the default; said because it decides.
UseSendfile on
`
}
