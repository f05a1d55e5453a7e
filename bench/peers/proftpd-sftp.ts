import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Contender, Site } from '../contender.ts'
import { proftpdConfiguration, proftpdLaunch, proftpdProgram } from './proftpd-configuration.ts'
import { findProgram, whyNot } from './unpacked.ts'
import { makeUserKey, userKey } from './user-key.ts'

const module = 'usr/lib/proftpd/mod_sftp.so'

/** Debian's ProFTPD with mod_sftp, which knows AES in counter mode and no cipher that authenticates. */
export const proftpdSftp: Contender = {
  name: 'proftpd-sftp',
  protocol: 'sftp',
  user: 'bench',
  password: '',
  key: userKey,
  missing: () => whyNot('proftpd', proftpdProgram) ?? whyNot('proftpd', module),
  prepare: (site) => {
    const { folder, files } = site
    const file = join(folder, 'proftpd.conf')
    makeUserKey(folder)
    // It reads keys in the format of RFC 4716 only, and host keys in PEM.
    writeFileSync(join(folder, 'keys'), keygen('-e', '-f', join(folder, 'authorized_keys')), { mode: 0o644 })
    keygen('-q', '-t', 'ecdsa', '-m', 'PEM', '-N', '', '-f', join(folder, 'host-key'))
    writeFileSync(join(folder, 'users'), `bench:x:65534:65534::${files}:/bin/false\n`, { mode: 0o600 })
    writeFileSync(file, configuration(site), { mode: 0o600 })
    return proftpdLaunch(file)
  },
}

function keygen(...words: string[]): string {
  return execFileSync('ssh-keygen', words, { encoding: 'utf8' })
}

function configuration(site: Site): string {
  const { folder } = site
  return `
ModulePath ${dirname(findProgram('proftpd', module) ?? module)}
LoadModule mod_sftp.c
${proftpdConfiguration(site).trim()}
# SFTP instead of FTP, by the same key as the others.
SFTPEngine on
SFTPHostKey ${join(folder, 'host-key')}
SFTPAuthMethods publickey
SFTPAuthorizedUserKeys file:${join(folder, 'keys')}
`
}
