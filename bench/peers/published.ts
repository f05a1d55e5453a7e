import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { openssh } from './openssh.ts'

/** Our server where clients come to an sshd, that it is published through. */
export const publishedFerry: Contender = {
  name: 'ferry',
  protocol: 'published',
  user: 'bench',
  password: 'bench',
  missing: () => openssh.missing(),
  prepare: ({ files, folder }) => behind('ferry', files, folder),
}

/** The same server, where clients come to ports that OpenSSH's `ssh -R` carries. */
export const sshR: Contender = {
  ...publishedFerry,
  name: 'ssh-r',
  prepare: ({ files, folder }) => behind('ssh', files, folder),
}

function behind(way: string, files: string, folder: string): ReturnType<Contender['prepare']> {
  return {
    command: process.execPath,
    words: [join(import.meta.dirname, 'behind-ssh.ts'), way, files, folder],
    port: (printed) => (printed === '' ? undefined : (JSON.parse(printed) as { port: number }).port),
  }
}
