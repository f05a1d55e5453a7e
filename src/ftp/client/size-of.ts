import type { Path } from '../../core/path.ts'
import type { FtpSession } from './session.ts'

/** What the server says of a file's size, as TYPE A or I counts it: undefined where it does not tell, and a folder's is none. */
export async function sizeOf(
  session: FtpSession,
  path: Path,
  type: 'I' | 'A' = 'I',
): Promise<number | undefined> {
  await session.type(type)
  const reply = await session.control.ask(`SIZE ${path}`)
  session.used = true
  const [, digits] = /^(\d{1,16})\b/u.exec(reply.lines[0] ?? '') ?? []
  return reply.code === 213 && digits !== undefined ? Number(digits) : undefined
}
