import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Contender, Launch, Site } from '../contender.ts'
import { makeCertificate } from './certificate.ts'
import { findProgram, libraryPath, whyNot } from './unpacked.ts'

const program = 'usr/sbin/proftpd'

const module = 'usr/lib/proftpd/mod_tls.so'

/** Debian's ProFTPD: a process a session, sendfile. */
export const proftpd: Contender = {
  name: 'proftpd',
  protocol: 'ftp',
  user: 'bench',
  password: 'bench',
  missing: () => whyNot('proftpd', program),
  prepare: (site) => launch(site, ''),
}

/** The same with mod_tls. It takes data only of who resumes the session, as is its default. */
export const proftpdTls: Contender = {
  name: 'proftpd-tls',
  protocol: 'ftps',
  user: 'bench',
  password: 'bench',
  missing: () => whyNot('proftpd', program) ?? whyNot('proftpd', module),
  prepare: (site) => launch(site, tlsConfiguration(makeCertificate(site.folder))),
}

function launch(site: Site, more: string): Launch {
  const file = join(site.folder, 'proftpd.conf')
  writeFileSync(join(site.folder, 'users'), `bench:${bench}:65534:65534::${site.files}:/bin/false\n`, {
    mode: 0o600,
  })
  writeFileSync(file, more + configuration(site), { mode: 0o600 })
  return {
    command: findProgram('proftpd', program) ?? program,
    words: ['--nodaemon', '--quiet', '--config', file],
    environment: libraryPath('proftpd'),
  }
}

function tlsConfiguration(certificate: string): string {
  return `
ModulePath ${dirname(findProgram('proftpd', module) ?? module)}
LoadModule mod_tls.c
TLSEngine on
TLSRequired on
TLSProtocol TLSv1.2 TLSv1.3
TLSECCertificateFile ${certificate}
TLSECCertificateKeyFile ${certificate}
`
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
