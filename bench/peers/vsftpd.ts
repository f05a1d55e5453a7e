import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Contender, Site } from '../contender.ts'
import { makeCertificate } from './certificate.ts'
import { findProgram, libraryPath, whyNot } from './unpacked.ts'

const program = 'usr/sbin/vsftpd'

/** Debian's vsftpd: two processes a session, sendfile. */
export const vsftpd: Contender = contender('vsftpd', 'ftp', '')

/** The same with TLS: three processes a session. It takes data only of who resumes the session, as is its default. */
export const vsftpdTls: Contender = contender(
  'vsftpd-tls',
  'ftps',
  `
ssl_enable=YES
allow_anon_ssl=YES
force_anon_logins_ssl=YES
force_anon_data_ssl=YES
ssl_ciphers=HIGH
`,
)

function contender(name: string, protocol: 'ftp' | 'ftps', more: string): Contender {
  return {
    name,
    protocol,
    user: 'anonymous',
    password: 'bench',
    missing: () => whyNot('vsftpd', program),
    prepare: (site) => {
      const file = join(site.folder, 'vsftpd.conf')
      mkdirSync(join(site.folder, 'empty'))
      const certificate = protocol === 'ftps' ? `rsa_cert_file=${makeCertificate(site.folder)}\n` : ''
      writeFileSync(file, configuration(site) + more + certificate, { mode: 0o600 })
      return {
        command: findProgram('vsftpd', program) ?? program,
        words: [file],
        environment: libraryPath('vsftpd'),
      }
    },
  }
}

function configuration({ files, folder, port }: Site): string {
  return `
# It listens by itself, in the foreground, on loopback alone.
listen=YES
background=NO
listen_address=127.0.0.1
listen_port=${port}
# Everybody comes in as anonymous, so that no account of this machine and no PAM takes part; as daemon, who exists everywhere and has a home (nobody has none).
anonymous_enable=YES
local_enable=NO
no_anon_password=YES
ftp_username=daemon
anon_root=${files}
# Anonymous may do all that the users of the other servers may: read, write, make folders, overwrite, remove.
write_enable=YES
anon_upload_enable=YES
anon_mkdir_write_enable=YES
anon_other_write_enable=YES
anon_world_readable_only=NO
anon_umask=022
# Where its unprivileged half locks itself in.
secure_chroot_dir=${join(folder, 'empty')}
# No look at the client's name (the default), no log, as with all the others.
xferlog_enable=NO
# Data connections from any port: active mode is not measured.
connect_from_port_20=NO
# No limits on clients. There is none on the rate by default.
max_clients=0
max_per_ip=0
# Its filter of system calls is older than today's C library and kernel, and would kill the session that opens a file.
seccomp_sandbox=NO
`
}
