import type { InteropClient, Outcome, Place, Way } from '../interop-client.ts'
import { runProgram, StartedProgram } from '../program.ts'
import { byExitCode } from './outcome.ts'
import { ftpUrl } from './url.ts'

const program = 'curl'

export const curl: InteropClient = {
  name: 'curl',
  program,
  install: 'apt-get install curl',
  tellVersion: { words: ['--version'] },
  usualWay: 'EPSV',
  noWay: {},
  noName: {},
  lineEnd: '\n',
  list: (at, remote) => run(at, remote === '/' ? '/' : `${remote}/`),
  get: (at, remote, local) => run(at, remote, '--output', local),
  resumeGet: (at, remote, local) => run(at, remote, '--continue-at', '-', '--output', local),
  getText: (at, remote, local) => run(at, remote, '--use-ascii', '--output', local),
  put: (at, local, remote) => run(at, remote, '--upload-file', local),
  startPut: async (at, local, remote) =>
    new StartedProgram(program, words(at, remote, ['--limit-rate', '1M', '--upload-file', local]), at),
  resumePut: (at, local, remote) => run(at, remote, '--continue-at', '-', '--upload-file', local),
  putText: (at, local, remote) => run(at, remote, '--use-ascii', '--upload-file', local),
  mkdir: (at, remote) => run(at, '/', '--quote', `MKD ${remote}`),
  rmdir: (at, remote) => run(at, '/', '--quote', `RMD ${remote}`),
  rename: (at, from, to) => run(at, '/', '--quote', `RNFR ${from}`, '--quote', `RNTO ${to}`),
  remove: (at, remote) => run(at, '/', '--quote', `DELE ${remote}`),
}

async function run(at: Place, path: string, ...options: string[]): Promise<Outcome> {
  return byExitCode(await runProgram(program, words(at, path, options), at))
}

function words(at: Place, path: string, options: readonly string[]): string[] {
  const common = ['--disable', '--silent', '--show-error', '--user', `${at.user}:${at.password}`]
  return [...common, ...wayOptions[at.way], ...options, ftpUrl(at, path)]
}

const wayOptions: Readonly<Record<Way, readonly string[]>> = {
  EPSV: [],
  PASV: ['--disable-epsv'],
  EPRT: ['--ftp-port', '-'],
  PORT: ['--ftp-port', '-', '--disable-eprt'],
}
