import { join } from 'node:path'
import type { Launch, Site } from '../contender.ts'
import { findProgram, libraryPath } from './unpacked.ts'

/** What a ProFTPD of ours is told whatever it speaks. */
export function proftpdConfiguration({ folder, port }: Site): string {
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
`
}

/** How it is started, by this file. */
export function proftpdLaunch(file: string): Launch {
  return {
    command: findProgram('proftpd', proftpdProgram) ?? proftpdProgram,
    words: ['--nodaemon', '--quiet', '--config', file],
    environment: libraryPath('proftpd'),
  }
}

/** Where it lies. */
export const proftpdProgram = 'usr/sbin/proftpd'
