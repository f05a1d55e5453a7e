import type { Reply } from '../../wire/reply.ts'
import { mendedYear, parseTime } from '../../wire/time.ts'

/** What a reply to MDTM tells; undefined where it does not tell. */
export function timeIn({ code, lines }: Reply): Date | undefined {
  const [, text] = /^\s*(\d[\d.]{11,40})(?:\s|$)/u.exec(lines[0] ?? '') ?? []
  return code === 213 && text !== undefined ? parseTime(mendedYear(text)) : undefined
}
