import { runProgram, type Ended } from '../program.ts'

/** Where a TFTP client goes, and from which folder. */
export interface TftpPlace {
  readonly host: string
  readonly port: number
  readonly folder: string
}

/** What is asked for beyond the plain protocol. */
export interface TftpWish {
  readonly blockSize?: number
  readonly window?: number
}

/** A TFTP client as people run it. */
export interface TftpClient {
  readonly name: string
  readonly program: string
  readonly install: string
  readonly tellVersion: { readonly words: readonly string[]; readonly input?: string }
  /** The largest block that it can ask for; undefined: it cannot ask. */
  readonly largestBlock: number | undefined
  readonly windows: boolean
  readonly ipv6: boolean
  get(at: TftpPlace, remote: string, local: string, wish: TftpWish): Promise<Ended>
  put(at: TftpPlace, local: string, remote: string, wish: TftpWish): Promise<Ended>
}

export const tftpClients: readonly TftpClient[] = [
  {
    name: 'curl',
    program: 'curl',
    install: 'apt-get install curl',
    tellVersion: { words: ['--version'] },
    largestBlock: 65_464,
    windows: false,
    ipv6: true,
    get: (at, remote, local, wish) =>
      runProgram('curl', [...curlWords(wish), '--output', local, curlUrl(at, remote)], at),
    put: (at, local, remote, wish) =>
      runProgram('curl', [...curlWords(wish), '--upload-file', local, curlUrl(at, remote)], at),
  },
  {
    name: 'tftp-hpa',
    program: 'tftp',
    install: 'apt-get install tftp-hpa',
    tellVersion: { words: ['-V'] },
    largestBlock: undefined,
    windows: false,
    ipv6: true,
    get: (at, remote, local) => runProgram('tftp', [...hpaWords(at), 'get', remote, local], at),
    put: (at, local, remote) => runProgram('tftp', [...hpaWords(at), 'put', local, remote], at),
  },
  {
    name: 'atftp',
    program: 'atftp',
    install: 'apt-get install atftp',
    tellVersion: { words: ['--version'] },
    largestBlock: 65_464,
    windows: true,
    ipv6: false,
    get: (at, remote, local, wish) =>
      runProgram(
        'atftp',
        [...atftpWords(wish), '--get', '-r', remote, '-l', local, at.host, String(at.port)],
        at,
      ),
    put: (at, local, remote, wish) =>
      runProgram(
        'atftp',
        [...atftpWords(wish), '--put', '-l', local, '-r', remote, at.host, String(at.port)],
        at,
      ),
  },
  {
    name: 'busybox tftp',
    program: 'busybox',
    install: 'apt-get install busybox',
    tellVersion: { words: [] },
    largestBlock: 65_464,
    windows: false,
    ipv6: false,
    get: (at, remote, local, wish) =>
      runProgram(
        'busybox',
        ['tftp', ...busyboxWords(wish), '-g', '-r', remote, '-l', local, at.host, String(at.port)],
        at,
      ),
    put: (at, local, remote, wish) =>
      runProgram(
        'busybox',
        ['tftp', ...busyboxWords(wish), '-p', '-l', local, '-r', remote, at.host, String(at.port)],
        at,
      ),
  },
]

function curlWords({ blockSize }: TftpWish): string[] {
  const common = ['--disable', '--silent', '--show-error']
  return blockSize === undefined ? common : [...common, '--tftp-blksize', String(blockSize)]
}

function curlUrl({ host, port }: TftpPlace, remote: string): string {
  return `tftp://${host.includes(':') ? `[${host}]` : host}:${port}/${remote}`
}

function hpaWords({ host, port }: TftpPlace): string[] {
  return ['-m', 'binary', host, String(port), '-c']
}

function atftpWords({ blockSize, window }: TftpWish): string[] {
  const words: string[] = []
  if (blockSize !== undefined) words.push('--option', `blksize ${blockSize}`)
  if (window !== undefined) words.push('--option', `windowsize ${window}`)
  return words
}

function busyboxWords({ blockSize }: TftpWish): string[] {
  return blockSize === undefined ? [] : ['-b', String(blockSize)]
}
