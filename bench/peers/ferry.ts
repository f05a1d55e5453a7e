import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { makeCertificate } from './certificate.ts'

/** Our server, started as its users start it. */
export const ferry: Contender = {
  name: 'ferry',
  protocol: 'ftp',
  user: 'bench',
  password: 'bench',
  missing: () => undefined,
  prepare: ({ files }) => ({
    command: process.execPath,
    words: [
      join(import.meta.dirname, '..', '..', 'bin', 'ferry.js'),
      'serve',
      files,
      '--ftp=0',
      '--sftp=off',
      '--user=bench:bench',
      '--json',
      '--quiet',
    ],
    port: (printed) => readyPort(printed, 'ftp'),
  }),
}

/** The same where TLS is required, with a certificate like the others'. */
export const ferryTls: Contender = {
  ...ferry,
  name: 'ferry',
  protocol: 'ftps',
  prepare: (site) => {
    const launch = ferry.prepare(site)
    return { ...launch, words: [...launch.words, '--tls=required', `--cert=${makeCertificate(site.folder)}`] }
  },
}

/** The ready line is the first thing that `--json` prints. */
export function readyPort(printed: string, wanted: string): number | undefined {
  const [line, ...more] = printed.split('\n')
  if (line === undefined || more.length === 0) return undefined
  const { listeners } = JSON.parse(line) as { listeners: { protocol: string; port: number }[] }
  return listeners.find(({ protocol }) => protocol === wanted)?.port
}
