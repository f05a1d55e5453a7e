import { FileError } from '../../core/error.ts'
import type { Path } from '../../core/path.ts'
import type { HashName } from '../../core/remote.ts'
import { fileError } from './faults.ts'
import type { FtpSession } from './session/session.ts'

/** The name that HASH knows an algorithm by, the older command for it, and how many hexadecimal digits it has. */
const ways: Readonly<
  Record<HashName, { readonly name: string; readonly older: string; readonly digits: number }>
> = {
  crc32: { name: 'CRC32', older: 'XCRC', digits: 8 },
  md5: { name: 'MD5', older: 'XMD5', digits: 32 },
  sha1: { name: 'SHA-1', older: 'XSHA1', digits: 40 },
  sha256: { name: 'SHA-256', older: 'XSHA256', digits: 64 },
  sha512: { name: 'SHA-512', older: 'XSHA512', digits: 128 },
}

/** Has the server hash a file: by HASH, or by the X-command for it. */
export async function askHash(session: FtpSession, path: Path, algorithm: HashName): Promise<string> {
  const { name, older, digits } = ways[algorithm]
  const offered = session.features.find((line) => /^HASH\b/iu.test(line))?.toUpperCase() ?? ''
  if (new RegExp(`\\b${name}\\b`, 'u').test(offered)) {
    await session.must(`OPTS HASH ${name}`, `hash ${path}`)
    return digitsIn(session, `HASH ${path}`, path, digits)
  }
  if (session.can(older)) return digitsIn(session, `${older} ${path}`, path, digits)
  throw new FileError('unsupported', `hash ${path}: the server makes no ${algorithm}`)
}

async function digitsIn(session: FtpSession, line: string, path: Path, digits: number): Promise<string> {
  const reply = await session.must(line, `hash ${path}`, path)
  const text = reply.lines.join(' ')
  const found = new RegExp(`(?<![0-9a-z])[0-9a-f]{${digits}}(?![0-9a-z])`, 'iu').exec(text)
  if (found === null) throw fileError(reply, `hash ${path}`, { path })
  return found[0].toLowerCase()
}
