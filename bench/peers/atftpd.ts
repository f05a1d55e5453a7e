import type { Contender } from '../contender.ts'
import { findProgram, libraryPath, whyNot } from './unpacked.ts'

const program = 'usr/sbin/atftpd'

/** Debian's atftpd: a thread for each transfer, windows. */
export const atftpd: Contender = {
  name: 'atftpd',
  protocol: 'tftp',
  user: '',
  password: '',
  missing: () => whyNot('atftpd', program),
  prepare: ({ files, port }) => ({
    command: findProgram('atftpd', program) ?? program,
    // In the foreground, on loopback alone, with room for as many boot clients as come (100 otherwise), and no log.
    words:
      `--daemon --no-fork --user daemon.daemon --bind-address 127.0.0.1 --port ${port} --maxthread 1000 --verbose=0`
        .split(' ')
        .concat('--logfile', '/dev/null', files),
    environment: libraryPath('atftpd'),
  }),
}
