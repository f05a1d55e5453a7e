import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { InteropClient, Outcome, Place } from '../interop-client.ts'
import { runProgram, StartedProgram } from '../program.ts'
import { byExitCode } from './outcome.ts'

const program = 'lftp'

export const lftp: InteropClient = {
  name: 'lftp',
  program,
  install: 'apt-get install lftp',
  tellVersion: { words: ['--version'] },
  usualWay: 'PASV',
  noWay: { 'EPRT over IPv4': 'lftp says EPRT over IPv6 only' },
  noName: {},
  lineEnd: '\n',
  list: (at, remote) => run(at, `cls -l ${quote(remote)}`),
  get: (at, remote, local) => run(at, `get ${quote(remote)} -o ${quote(local)}`),
  resumeGet: (at, remote, local) => run(at, `get -c ${quote(remote)} -o ${quote(local)}`),
  getText: (at, remote, local) => run(at, sayAscii, `get -a ${quote(remote)} -o ${quote(local)}`),
  put: (at, local, remote) => run(at, `put ${quote(local)} -o ${quote(remote)}`),
  startPut: async (at, local, remote) =>
    new StartedProgram(
      program,
      await words(at, 'set net:limit-rate 1M', `put ${quote(local)} -o ${quote(remote)}`),
      at,
    ),
  resumePut: (at, local, remote) => run(at, `put -c ${quote(local)} -o ${quote(remote)}`),
  putText: (at, local, remote) => run(at, sayAscii, `put -a ${quote(local)} -o ${quote(remote)}`),
  mkdir: (at, remote) => run(at, `mkdir ${quote(remote)}`),
  rmdir: (at, remote) => run(at, `rmdir ${quote(remote)}`),
  rename: (at, from, to) => run(at, `mv ${quote(from)} ${quote(to)}`),
  remove: (at, remote) => run(at, `rm ${quote(remote)}`),
}

/** lftp takes ASCII for granted at the start (RFC 959 §3.1.1.5), and then does not say it by itself. */
const sayAscii = 'quote TYPE A'

async function run(at: Place, ...commands: string[]): Promise<Outcome> {
  return byExitCode(await runProgram(program, await words(at, ...commands), at))
}

/** lftp reads its commands from a file, the settings of the system aside. */
async function words(at: Place, ...commands: string[]): Promise<string[]> {
  const script = join(at.folder, 'script.lftp')
  const lines = [
    'set ftp:ssl-allow no',
    'set net:max-retries 1',
    'set net:timeout 20',
    'set net:reconnect-interval-base 0',
    'set cmd:fail-exit yes',
    'set xfer:log no',
    'set xfer:clobber yes',
    `set ftp:passive-mode ${at.way === 'PASV' || at.way === 'EPSV' ? 'yes' : 'no'}`,
    `set ftp:prefer-epsv ${at.way === 'EPSV' || at.way === 'EPRT' ? 'yes' : 'no'}`,
    `open -u ${at.user},${at.password} -p ${at.port} ${at.host.includes(':') ? `[${at.host}]` : at.host}`,
    ...commands,
  ]
  await writeFile(script, `${lines.join('\n')}\n`)
  return ['--norc', '-f', script]
}

function quote(word: string): string {
  return `"${word.replaceAll(/["\\]/gu, '\\$&')}"`
}
