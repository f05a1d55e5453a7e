import type { Path } from '../../../core/path.ts'
import type { Reply } from '../../wire/reply.ts'
import type { FtpSession } from '../session/session.ts'

/** What the server says of a file's size, as TYPE A or I counts it: undefined where it does not tell, and a folder's is none. */
export async function sizeOf(
  session: FtpSession,
  path: Path,
  type: 'I' | 'A' = 'I',
): Promise<number | undefined> {
  await session.type(type)
  const reply = await session.control.ask(sizeLine(path))
  session.used = true
  return sizeIn(reply)
}

/** How SIZE is asked. */
export function sizeLine(path: Path): string {
  return `SIZE ${path}`
}

/** What a reply to SIZE tells. */
export function sizeIn(reply: Reply): number | undefined {
  // `1,234` or `1.5K` would be read as less than it is.
  const [, digits] = /^\s*(\d{1,16})(?:\s|$)/u.exec(reply.lines[0] ?? '') ?? []
  return reply.code === 213 && digits !== undefined ? Number(digits) : undefined
}
