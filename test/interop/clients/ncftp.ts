import { readFile } from 'node:fs/promises'
import type { InteropClient, Outcome, Place } from '../interop-client.ts'
import { runProgram, StartedProgram } from '../program.ts'
import { byExitCode } from './outcome.ts'

const ipv4Only = 'ncftp 3 speaks IPv4 only'

/** ncftpget, ncftpput and ncftpls for files and listings, ncftp itself for the rest. */
export const ncftp: InteropClient = {
  name: 'ncftp',
  program: 'ncftp',
  install: 'apt-get install ncftp',
  tellVersion: { words: ['--help'] },
  usualWay: 'PASV',
  noWay: {
    'EPSV over IPv4': 'ncftp knows PASV and PORT only',
    'EPRT over IPv4': 'ncftp knows PASV and PORT only',
    'EPSV over IPv6': ipv4Only,
    'EPRT over IPv6': ipv4Only,
  },
  noName: {},
  lineEnd: '\n',
  list: (at, remote) => run('ncftpls', at, '-l', `ftp://${at.host}${remote}/`),
  get: (at, remote, local) => run('ncftpget', at, '-V', '-C', at.host, remote, local),
  resumeGet: (at, remote, local) => run('ncftpget', at, '-V', '-z', '-C', at.host, remote, local),
  getText: (at, remote, local) => run('ncftpget', at, '-V', ...ascii, '-C', at.host, remote, local),
  put: (at, local, remote) => run('ncftpput', at, '-V', '-C', at.host, local, remote),
  startPut,
  // -s: with sendfile(2) it sends all of the file again behind its REST, to any server.
  resumePut: (at, local, remote) => run('ncftpput', at, '-V', '-s', '-z', '-C', at.host, local, remote),
  putText: (at, local, remote) => run('ncftpput', at, '-V', ...ascii, '-C', at.host, local, remote),
  mkdir: (at, remote) => type(at, `mkdir ${quote(remote)}`),
  rmdir: (at, remote) => type(at, `rmdir ${quote(remote)}`),
  rename: (at, from, to) => type(at, `rename ${quote(from)} ${quote(to)}`),
  remove: (at, remote) => type(at, `rm ${quote(remote)}`),
}

/** ncftp takes ASCII for granted at the start (RFC 959 §3.1.1.5), and then does not say it by itself. */
const ascii = ['-a', '-W', 'TYPE A']

async function run(program: string, at: Place, ...words: string[]): Promise<Outcome> {
  return byExitCode(await runProgram(program, [...login(at), mode(at), ...words], at))
}

/** ncftpput cannot be slowed down, but it uploads what comes from a pipe, and this pipe stays open at the half. */
async function startPut(at: Place, local: string, remote: string): Promise<StartedProgram> {
  const whole = await readFile(local)
  const words = [...login(at), mode(at), '-V', '-c', at.host, remote]
  const input = whole.subarray(0, whole.length / 2)
  return new StartedProgram('ncftpput', words, { folder: at.folder, input, inputEnds: false })
}

function mode({ way }: Place): string {
  return way === 'PORT' ? '-E' : '-F'
}

/** Types a command into ncftp. */
async function type(at: Place, command: string): Promise<Outcome> {
  const input = `${command}\nquit\n`
  const ended = await runProgram('ncftp', [...login(at), at.host], { folder: at.folder, input })
  const outcome = byExitCode(ended)
  return { ...outcome, ok: outcome.ok && !/server said:|Unbalanced|^Could not/mu.test(ended.printed) }
}

function login(at: Place): string[] {
  return ['-u', at.user, '-p', at.password, '-P', String(at.port)]
}

/** Either kind of quotes, and no way to escape one. */
function quote(word: string): string {
  return word.includes('"') ? `'${word}'` : `"${word}"`
}
