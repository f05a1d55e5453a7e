import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Contender, Site } from '../contender.ts'
import { makeCertificate } from './certificate.ts'
import { findProgram, libraryPath, whyNot } from './unpacked.ts'

const program = 'usr/sbin/pure-ftpd'
const passwordProgram = 'usr/bin/pure-pw'

/** Debian's Pure-FTPd: two processes a session, sendfile. It takes no configuration file, its options are its configuration. */
export const pureFtpd: Contender = {
  name: 'pure-ftpd',
  protocol: 'ftp',
  user: 'bench',
  password: 'bench',
  missing: () => whyNot('pure-ftpd', program) ?? whyNot('pure-ftpd', passwordProgram),
  prepare: (site) => ({
    command: findProgram('pure-ftpd', program) ?? program,
    words: options(site, users(site)),
    environment: libraryPath('pure-ftpd'),
  }),
}

/** The same with TLS for both kinds of connections; it never asks that a session is resumed. */
export const pureFtpdTls: Contender = {
  ...pureFtpd,
  name: 'pure-ftpd-tls',
  protocol: 'ftps',
  prepare: (site) => ({
    command: findProgram('pure-ftpd', program) ?? program,
    words: [
      ...options(site, users(site)).filter((word) => !word.startsWith('--tls')),
      '--tls=3',
      `--certfile=${makeCertificate(site.folder)}`,
    ],
    environment: libraryPath('pure-ftpd'),
  }),
}

/** "bench" by the oldest way of crypt(3), which costs nothing: logins are measured, not hashing. */
const bench = 'beXASnuSGSZa.'

/** Makes the file of virtual users: one, who is nobody on this machine. The many colons are limits that are not set. */
function users({ files, folder }: Site): string {
  const text = join(folder, 'users')
  const database = join(folder, 'users.pdb')
  writeFileSync(text, `bench:${bench}:65534:65534::${files}/./::::::::::::\n`, { mode: 0o600 })
  execFileSync(findProgram('pure-ftpd', passwordProgram) ?? passwordProgram, ['mkdb', database, '-f', text], {
    env: libraryPath('pure-ftpd'),
  })
  return database
}

function options({ folder, port }: Site, database: string): string[] {
  return [
    `--bind=127.0.0.1,${port}`, // Loopback alone.
    `--login=puredb:${database}`, // Virtual users, and neither PAM nor the accounts of this machine.
    '--minuid=1',
    `--pidfile=${join(folder, 'pid')}`,
    '--noanonymous',
    '--chrooteveryone', // Its home is its root.
    '--dontresolve', // No look at the client's name.
    '--syslogfacility=none', // No log.
    '--tls=0',
    '--maxclientsnumber=10000', // The default is 50 sessions; there is no "without limit".
    '--maxclientsperip=10000',
    '--limitrecursion=1000000:5', // The default lists 10,000 entries and no more.
    '--maxidletime=60', // Minutes.
  ]
}
