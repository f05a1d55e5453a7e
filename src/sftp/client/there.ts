import { FileError } from '../../core/error.ts'
import type { Path } from '../../core/path.ts'
import type { HashName } from '../../core/remote.ts'
import { readExtendedAnswer } from '../wire/extension.ts'
import { openFlags } from '../wire/request.ts'
import { takeExtended, takeHandle, takeOk } from './answers.ts'
import type { SftpServer } from './server.ts'

/** A hash made on the server (draft-ietf-secsh-filexfer-extensions-00 §3), in hexadecimal. */
export async function hashThere(
  server: SftpServer,
  path: Path,
  algorithm: HashName,
  signal?: AbortSignal,
): Promise<string> {
  if (!server.has('check-file') && !server.has('check-file-name')) {
    throw new FileError('unsupported', 'this server makes no hashes')
  }
  const asked = { path, algorithms: algorithm, offset: 0, length: 0, block: 0 }
  const data = await server.extended('check-file-name', asked, takeExtended(path), signal)
  const answer = readExtendedAnswer('hash', data)
  if (answer.algorithm !== algorithm) throw new FileError('unsupported', `no ${algorithm} is made there`)
  return Buffer.from(answer.hashes).toString('hex')
}

/** Copies a file on the server (draft-ietf-secsh-filexfer-extensions-00 §7). */
export async function copyOver(
  server: SftpServer,
  from: Path,
  to: Path,
  signal?: AbortSignal,
): Promise<void> {
  if (!server.has('copy-data')) throw new FileError('unsupported', 'this server copies nothing by itself')
  if (from === to) throw new FileError('invalid', 'a file cannot be copied onto itself')
  const open = (path: Path, flags: number): Promise<string> =>
    server.ask('open', { path, flags, attributes: {} }, takeHandle(path), signal)
  const source = await open(from, openFlags.read)
  try {
    const target = await open(to, openFlags.write | openFlags.create | openFlags.truncate)
    const asked = { from: source, offset: 0, length: 0, to: target, at: 0 }
    try {
      await server.extended('copy-data', asked, takeOk(to), signal)
    } catch (thrown) {
      await dropHandle(server, target, to)
      throw thrown
    }
    await server.ask('close', { handle: target }, takeOk(to), signal)
  } finally {
    if (server.link.failure === undefined) await server.ask('close', { handle: source }, takeOk(from))
  }
}

async function dropHandle(server: SftpServer, handle: string, path: Path): Promise<void> {
  if (server.link.failure !== undefined) return
  if (server.has('abort-handle@ferry')) await server.extended('abort-handle@ferry', { handle }, takeOk(path))
  else await server.ask('close', { handle }, takeOk(path))
}
