import type { Contender } from '../contender.ts'
import { findProgram, libraryPath, whyNot } from './unpacked.ts'

const program = 'usr/sbin/in.tftpd'

/** Debian's tftpd-hpa: a process for each transfer, no windows. */
export const tftpdHpa: Contender = {
  name: 'tftpd-hpa',
  protocol: 'tftp',
  user: '',
  password: '',
  missing: () => whyNot('tftpd-hpa', program),
  prepare: ({ files, port }) => ({
    command: findProgram('tftpd-hpa', program) ?? program,
    // In the foreground, on loopback alone, with its root changed to the folder, as Debian starts it.
    words: ['-L', '-4', '-a', `127.0.0.1:${port}`, '-u', 'daemon', '-s', files],
    environment: libraryPath('tftpd-hpa'),
  }),
}
