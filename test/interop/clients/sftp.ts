import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runProgram, type Ended } from '../program.ts'

/** Where a client goes: the user is `u`, the password `p`. */
export interface SftpPlace {
  readonly port: number
  /** `SHA256:…` of the server's key. */
  readonly fingerprint: string
  /** Where the client works. */
  readonly folder: string
}

type Deed = (at: SftpPlace, ...words: [string, string]) => Promise<Ended>

/** A real client of SFTP. What it lacks it cannot do from a command line. */
export interface SftpClient {
  readonly name: string
  readonly program: string
  readonly install: string
  readonly tellVersion: { readonly words: readonly string[] }
  readonly put: Deed
  readonly get: Deed
  readonly list?: (at: SftpPlace, path: string) => Promise<Ended>
  readonly rename?: Deed
  readonly remove?: (at: SftpPlace, path: string) => Promise<Ended>
  readonly mkdir?: (at: SftpPlace, path: string) => Promise<Ended>
  /** The text of the link, then its name. */
  readonly symlink?: Deed
  /** Goes on with an upload that stopped. */
  readonly resumePut?: Deed
  readonly chmod?: (at: SftpPlace, mode: string, path: string) => Promise<Ended>
  /** It takes so long to start that one name must do. */
  readonly slow?: boolean
  /** Names that it cannot say. */
  readonly noName?: readonly string[]
}

const sshOptions = [
  '-oStrictHostKeyChecking=no',
  '-oUserKnownHostsFile=/dev/null',
  '-oLogLevel=ERROR',
  '-oBatchMode=no',
]

/** Programs of OpenSSH take a password only from a terminal, or from a program that is named to them. */
async function withPassword(at: SftpPlace, words: readonly string[], input?: string): Promise<Ended> {
  const script = join(at.folder, 'tell-password')
  await writeFile(script, '#!/bin/sh\necho p\n')
  await chmod(script, 0o755)
  const env = [`SSH_ASKPASS=${script}`, 'SSH_ASKPASS_REQUIRE=force', 'DISPLAY=none']
  return runProgram('/usr/bin/env', [...env, ...words], {
    folder: at.folder,
    ...(input === undefined ? {} : { input }),
  })
}

const quote = (text: string): string => `"${text.replaceAll(/["\\]/gu, String.raw`\$&`)}"`

const openssh = (at: SftpPlace, ...lines: string[]): Promise<Ended> =>
  withPassword(
    at,
    ['sftp', '-q', ...sshOptions, '-P', String(at.port), '-b', '-', 'u@127.0.0.1'],
    `${lines.join('\n')}\n`,
  )

const psftp = (at: SftpPlace, ...lines: string[]): Promise<Ended> =>
  runProgram(
    'psftp',
    ['-batch', '-hostkey', at.fingerprint, '-P', String(at.port), '-pw', 'p', '-l', 'u', '127.0.0.1'],
    { folder: at.folder, input: `${[...lines, 'quit'].join('\n')}\n` },
  )

/** Words of psftp are quoted by doubling. */
const double = (text: string): string => `"${text.replaceAll('"', '""')}"`

const pscp = (at: SftpPlace, from: string, to: string): Promise<Ended> => {
  const words = ['-q', '-sftp', '-batch', '-hostkey', at.fingerprint, '-P', String(at.port), '-pw', 'p']
  return runProgram('pscp', [...words, from, to], at)
}

const lftp = (at: SftpPlace, command: string): Promise<Ended> => {
  const connect = `set sftp:connect-program 'ssh -a -x ${sshOptions.join(' ')}'`
  const script = `${connect}; open -u u,p sftp://127.0.0.1:${at.port}; ${command}`
  return runProgram('lftp', ['-c', script], at)
}

const curl = (at: SftpPlace, path: string, ...words: string[]): Promise<Ended> => {
  const url = `sftp://127.0.0.1:${at.port}${path.split('/').map(encodeURIComponent).join('/')}`
  return runProgram('curl', ['-sS', '-k', '-u', 'u:p', '-g', ...words, url], at)
}

const rclone = async (at: SftpPlace, deed: string, ...words: readonly string[]): Promise<Ended> => {
  const hidden = await runProgram('rclone', ['obscure', 'p'], at)
  const place = `:sftp,host=127.0.0.1,port=${at.port},user=u,shell_type=none,pass=${hidden.printed.trim()}:`
  const filled = words.map((word) => word.replace(/^remote:/u, place))
  return runProgram('rclone', ['--config', '/dev/null', '--retries', '1', deed, ...filled], at)
}

const script = join(import.meta.dirname, 'sftp-program.py')

function python(library: string): SftpClient {
  const run = (at: SftpPlace, deed: string, ...words: string[]): Promise<Ended> =>
    runProgram('python3', ['-W', 'ignore', script, library, String(at.port), deed, ...words], at)
  return {
    name: library,
    program: 'python3',
    install: `apt-get install python3-${library}`,
    tellVersion: { words: ['-W', 'ignore', script, 'version', library, 'told'] },
    put: (at, local, remote) => run(at, 'put', local, remote),
    get: (at, remote, local) => run(at, 'get', remote, local),
    list: (at, path) => run(at, 'list', path),
    rename: (at, from, to) => run(at, 'rename', from, to),
    remove: (at, path) => run(at, 'remove', path),
    mkdir: (at, path) => run(at, 'mkdir', path),
    // asyncssh follows OpenSSH's order only where the server calls itself OpenSSH.
    ...(library === 'paramiko'
      ? { symlink: (at: SftpPlace, text: string, path: string) => run(at, 'symlink', text, path) }
      : {}),
    slow: true,
  }
}

export const sftpClients: readonly SftpClient[] = [
  {
    name: 'OpenSSH sftp',
    program: 'sftp',
    install: 'apt-get install openssh-client',
    // sftp does not tell its version; ssh, which it runs, does.
    tellVersion: { words: [] },
    put: (at, local, remote) => openssh(at, `put ${quote(local)} ${quote(remote)}`),
    get: (at, remote, local) => openssh(at, `get ${quote(remote)} ${quote(local)}`),
    list: (at, path) => openssh(at, `ls -la ${quote(path)}`),
    rename: (at, from, to) => openssh(at, `rename ${quote(from)} ${quote(to)}`),
    remove: (at, path) => openssh(at, `rm ${quote(path)}`),
    mkdir: (at, path) => openssh(at, `mkdir ${quote(path)}`),
    symlink: (at, text, path) => openssh(at, `ln -s ${quote(text)} ${quote(path)}`),
    resumePut: (at, local, remote) => openssh(at, `reput ${quote(local)} ${quote(remote)}`),
    chmod: (at, mode, path) => openssh(at, `chmod ${mode} ${quote(path)}`),
  },
  {
    name: 'OpenSSH scp',
    program: 'scp',
    install: 'apt-get install openssh-client',
    tellVersion: { words: [] },
    put: (at, local, remote) =>
      withPassword(at, ['scp', '-q', ...sshOptions, '-P', String(at.port), local, `u@127.0.0.1:${remote}`]),
    get: (at, remote, local) =>
      withPassword(at, ['scp', '-q', ...sshOptions, '-P', String(at.port), `u@127.0.0.1:${remote}`, local]),
    // scp looks for patterns in names of the other side.
    noName: ['[x]*?.txt', 'back\\slash'],
  },
  {
    name: 'psftp',
    program: 'psftp',
    install: 'apt-get install putty-tools',
    tellVersion: { words: ['-V'] },
    put: (at, local, remote) => psftp(at, `put ${double(local)} ${double(remote)}`),
    get: (at, remote, local) => psftp(at, `get ${double(remote)} ${double(local)}`),
    list: (at, path) => psftp(at, `ls ${double(path)}`),
    rename: (at, from, to) => psftp(at, `ren ${double(from)} ${double(to)}`),
    remove: (at, path) => psftp(at, `del ${double(path)}`),
    mkdir: (at, path) => psftp(at, `mkdir ${double(path)}`),
    resumePut: (at, local, remote) => psftp(at, `reput ${double(local)} ${double(remote)}`),
    chmod: (at, mode, path) => psftp(at, `chmod ${mode} ${double(path)}`),
    noName: ['[x]*?.txt', 'back\\slash', 'quote"d'],
  },
  {
    name: 'pscp',
    program: 'pscp',
    install: 'apt-get install putty-tools',
    tellVersion: { words: ['-V'] },
    put: (at, local, remote) => pscp(at, local, `u@127.0.0.1:${remote}`),
    get: (at, remote, local) => pscp(at, `u@127.0.0.1:${remote}`, local),
    noName: ['[x]*?.txt', 'back\\slash'],
  },
  {
    name: 'lftp',
    program: 'lftp',
    install: 'apt-get install lftp',
    tellVersion: { words: ['--version'] },
    put: (at, local, remote) => lftp(at, `put ${quote(local)} -o ${quote(remote)}`),
    get: (at, remote, local) => lftp(at, `get ${quote(remote)} -o ${quote(local)}`),
    list: (at, path) => lftp(at, `ls ${quote(path)}`),
    rename: (at, from, to) => lftp(at, `mv ${quote(from)} ${quote(to)}`),
    remove: (at, path) => lftp(at, `rm ${quote(path)}`),
    mkdir: (at, path) => lftp(at, `mkdir ${quote(path)}`),
    chmod: (at, mode, path) => lftp(at, `chmod ${mode} ${quote(path)}`),
  },
  {
    name: 'curl',
    program: 'curl',
    install: 'apt-get install curl',
    tellVersion: { words: ['--version'] },
    put: (at, local, remote) => curl(at, remote, '-T', local),
    get: (at, remote, local) => curl(at, remote, '-o', local),
    list: (at, path) => curl(at, `${path}/`),
    rename: (at, from, to) => curl(at, '/', '-Q', `rename ${quote(from)} ${quote(to)}`),
    remove: (at, path) => curl(at, '/', '-Q', `rm ${quote(path)}`),
    mkdir: (at, path) => curl(at, '/', '-Q', `mkdir ${quote(path)}`),
    symlink: (at, text, path) => curl(at, '/', '-Q', `ln ${quote(text)} ${quote(path)}`),
    chmod: (at, mode, path) => curl(at, '/', '-Q', `chmod ${mode} ${quote(path)}`),
    // -T takes a name with brackets or stars for several.
    noName: [],
  },
  {
    name: 'rclone',
    program: 'rclone',
    install: 'apt-get install rclone',
    tellVersion: { words: ['version'] },
    put: (at, local, remote) => rclone(at, 'copyto', local, `remote:${remote}`),
    get: (at, remote, local) => rclone(at, 'copyto', `remote:${remote}`, local),
    list: (at, path) => rclone(at, 'lsl', '--max-depth', '1', `remote:${path}`),
    rename: (at, from, to) => rclone(at, 'moveto', `remote:${from}`, `remote:${to}`),
    remove: (at, path) => rclone(at, 'deletefile', `remote:${path}`),
    mkdir: (at, path) => rclone(at, 'mkdir', `remote:${path}`),
  },
  python('paramiko'),
  python('asyncssh'),
]
