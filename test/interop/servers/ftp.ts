import type { Contender } from '../../../bench/contender.ts'
import { ferry } from '../../../bench/peers/ferry.ts'
import { proftpd } from '../../../bench/peers/proftpd.ts'
import { pureFtpd } from '../../../bench/peers/pure-ftpd.ts'
import { pyftpdlib } from '../../../bench/peers/pyftpdlib.ts'
import { vsftpd } from '../../../bench/peers/vsftpd.ts'
import { inetutilsFtpd } from './inetutils-ftpd.ts'

/** An FTP server as administrators run it, and what it cannot do by its nature. */
export interface FtpServerProgram {
  readonly contender: Contender
  /** What of the suite it cannot do, and why. */
  readonly cannot: Readonly<Record<string, string>>
}

/** Every server that our client is held against, the same suite for all. */
export const ftpServers: readonly FtpServerProgram[] = [
  { contender: ferry, cannot: {} },
  { contender: vsftpd, cannot: { chmod: 'it changes no modes for anonymous users' } },
  { contender: proftpd, cannot: { 'resumed uploads': 'AllowStoreRestart is off by default' } },
  { contender: pureFtpd, cannot: {} },
  { contender: pyftpdlib, cannot: { 'raw names': 'it lists a question mark for what is not UTF-8' } },
  {
    contender: inetutilsFtpd,
    cannot: { times: 'it knows no command that sets a time' },
  },
]
