import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { CurlDeed } from './task.ts'

const run = promisify(execFile)

/**
 * vsftpd calls an upload broken whose client leaves its tickets unread, as curl does, although all of it came: the time it took
 * counts all the same.
 */
function unanswered(error: unknown, way: CurlDeed['way']): { readonly stderr: string } {
  const { code, stderr } = error as { code?: unknown; stderr?: unknown }
  if (way === 'down' || code !== notConfirmed || typeof stderr !== 'string') throw error
  return { stderr: stderr.trim().split('\n').at(-1) ?? '' }
}

/** CURLE_PARTIAL_FILE: the server did not say 226. */
const notConfirmed = 18

/** Moves a file in TLS by curl: how long it took from the first byte that could be sent, without login and handshakes. */
export async function byCurl({ at, way, path, file, version, cipher }: CurlDeed): Promise<string> {
  const cipherWord = version === '1.2' ? '--ciphers' : '--tls13-ciphers'
  const words = [
    '-sS',
    '--insecure',
    '--ssl-reqd',
    '--user',
    `${at.user}:${at.password}`,
    version === '1.2' ? '--tls-max' : '--tlsv1.3',
    ...(version === '1.2' ? ['1.2'] : []),
    cipherWord,
    cipher,
    ...(way === 'up' ? ['-T', file] : ['-o', '/dev/null']),
    '-w',
    '%{stderr}%{time_total} %{time_pretransfer}',
    `ftp://127.0.0.1:${at.port}/${path}`,
  ]
  const { stderr } = await run('curl', words).catch((error: unknown) => unanswered(error, way))
  const [total = 0, before = 0] = stderr.trim().split(' ').map(Number)
  return String(total - before)
}
