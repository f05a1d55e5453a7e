import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { readyPort } from './ferry.ts'
import { makeUserKey, sshUser, userKey } from './user-key.ts'

/** Our SFTP server, started as its users start it. */
export const ferrySftp: Contender = {
  name: 'ferry',
  protocol: 'sftp',
  user: sshUser,
  password: '',
  key: userKey,
  missing: () => undefined,
  prepare: ({ files, folder }) => ({
    command: process.execPath,
    words: [
      join(import.meta.dirname, '..', '..', 'bin', 'ferry.js'),
      'serve',
      files,
      '--ftp=off',
      '--sftp=0',
      '--host=127.0.0.1',
      `--user=${sshUser}`,
      `--authorized-keys=${makeUserKey(folder)}`,
      `--data=${folder}`,
      '--json',
      '--quiet',
    ],
    port: (printed) => readyPort(printed, 'sftp'),
  }),
}
