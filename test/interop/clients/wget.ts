import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cannot, InteropClient, Outcome, Place } from '../interop-client.ts'
import { runProgram } from '../program.ts'
import { byExitCode } from './outcome.ts'
import { ftpUrl } from './url.ts'

const fetchesOnly: Cannot = { cannot: 'wget only fetches: it can neither upload nor change anything' }

export const wget: InteropClient = {
  name: 'wget',
  program: 'wget',
  install: 'apt-get install wget',
  tellVersion: { words: ['--version'] },
  usualWay: 'PASV',
  noWay: {
    'EPSV over IPv4': 'wget says EPSV over IPv6 only',
    'EPRT over IPv4': 'wget says EPRT over IPv6 only',
  },
  noName: {},
  // It does not touch what comes.
  lineEnd: '\r\n',
  list,
  get: (at, remote, local) => run(at, remote, '--output-document', local),
  resumeGet: (at, remote, local) => run(at, remote, '--continue', '--output-document', local),
  getText: (at, remote, local) => run(at, `${remote};type=a`, '--output-document', local),
  put: fetchesOnly,
  startPut: fetchesOnly,
  resumePut: fetchesOnly,
  putText: fetchesOnly,
  mkdir: fetchesOnly,
  rmdir: fetchesOnly,
  rename: fetchesOnly,
  remove: fetchesOnly,
}

/** wget makes a page of a listing; what the server sent, and what wget reads, is kept beside it. */
async function list(at: Place, remote: string): Promise<Outcome> {
  const page = join(at.folder, 'index.html')
  const outcome = await run(at, remote === '/' ? '/' : `${remote}/`, '--no-remove-listing', '-O', page)
  if (!outcome.ok) return outcome
  return { ...outcome, printed: await readFile(join(at.folder, '.listing'), 'utf8') }
}

async function run(at: Place, path: string, ...options: string[]): Promise<Outcome> {
  const words = [...common, `--ftp-user=${at.user}`, `--ftp-password=${at.password}`, ...options]
  if (at.way === 'PORT' || at.way === 'EPRT') words.push('--no-passive-ftp')
  const url = ftpUrl(at, path).replace(/%3Btype%3Da$/u, ';type=a')
  return byExitCode(await runProgram('wget', [...words, url], at))
}

const common = [
  '--no-config',
  '--no-verbose',
  '--tries=1',
  '--timeout=20',
  '--no-glob',
  '--no-iri',
  '--no-proxy',
]
