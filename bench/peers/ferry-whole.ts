import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { makeCertificate } from './certificate.ts'
import { readyPort } from './ferry.ts'
import { makeUserKey, userKey } from './user-key.ts'

/** Our server with every door open and every record kept. `tell` hears where the doors are. */
export function ferryWhole(tell: (port: (protocol: string) => number) => void): Contender {
  return {
    name: 'ferry',
    protocol: 'ftp',
    user: 'bench',
    password: 'bench',
    key: userKey,
    missing: () => undefined,
    prepare: ({ files, folder }) => ({
      command: process.execPath,
      words: [
        join(import.meta.dirname, '..', '..', 'bin', 'ferry.js'),
        'serve',
        files,
        '--ftp=0',
        '--sftp=0',
        '--tftp=0',
        '--host=127.0.0.1',
        '--user=bench:bench',
        `--authorized-keys=${makeUserKey(folder)}`,
        `--cert=${makeCertificate(folder)}`,
        `--data=${folder}`,
        '--json',
      ],
      port: (printed) => {
        tell((protocol) => readyPort(printed, protocol) ?? 0)
        return readyPort(printed, 'ftp')
      },
    }),
  }
}
