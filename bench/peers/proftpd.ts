import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Contender, Launch, Site } from '../contender.ts'
import { makeCertificate } from './certificate.ts'
import { proftpdConfiguration, proftpdLaunch, proftpdProgram } from './proftpd-configuration.ts'
import { findProgram, whyNot } from './unpacked.ts'

const module = 'usr/lib/proftpd/mod_tls.so'

/** Debian's ProFTPD: a process a session, sendfile. */
export const proftpd: Contender = {
  name: 'proftpd',
  protocol: 'ftp',
  user: 'bench',
  password: 'bench',
  missing: () => whyNot('proftpd', proftpdProgram),
  prepare: (site) => launch(site, ''),
}

/** The same with mod_tls. It takes data only of who resumes the session, as is its default. */
export const proftpdTls: Contender = {
  name: 'proftpd-tls',
  protocol: 'ftps',
  user: 'bench',
  password: 'bench',
  missing: () => whyNot('proftpd', proftpdProgram) ?? whyNot('proftpd', module),
  prepare: (site) => launch(site, tlsConfiguration(makeCertificate(site.folder))),
}

function launch(site: Site, more: string): Launch {
  const file = join(site.folder, 'proftpd.conf')
  writeFileSync(join(site.folder, 'users'), `bench:${bench}:65534:65534::${site.files}:/bin/false\n`, {
    mode: 0o600,
  })
  writeFileSync(file, more + proftpdConfiguration(site) + sendfile, { mode: 0o600 })
  return proftpdLaunch(file)
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

/** It is the default; said because it decides. */
const sendfile = 'UseSendfile on\n'
