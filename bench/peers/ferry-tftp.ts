import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { readyPort } from './ferry.ts'

/** Our server with its TFTP door alone. */
export const ferryTftp: Contender = {
  name: 'ferry',
  protocol: 'tftp',
  user: '',
  password: '',
  missing: () => undefined,
  prepare: ({ files }) => ({
    command: process.execPath,
    words: [
      join(import.meta.dirname, '..', '..', 'bin', 'ferry.js'),
      'serve',
      files,
      '--ftp=off',
      '--sftp=off',
      '--tftp=0',
      '--host=127.0.0.1',
      '--json',
      '--quiet',
    ],
    port: (printed) => readyPort(printed, 'tftp'),
  }),
}
