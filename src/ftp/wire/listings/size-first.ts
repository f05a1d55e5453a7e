import { dateAt } from './date-at.ts'
import { dateAtEnd } from './date-at-end.ts'
import type { Found, ReadLine } from './listed.ts'
import type { Reading } from './reading.ts'
import type { Words } from './words.ts'

/** VxWorks (`   2048    Feb-28-1998  05:23:30   name <DIR>`) and VShell (`206876  Apr 04, 2000 21:06 name`). */
export const sizeFirst: ReadLine = (words, reading) => {
  const size = words.number(0)
  if (size === undefined && !/^<dir>$/iu.test(words.at(0))) return undefined
  const date = size === undefined ? undefined : dateAt(words, 1, reading)
  if (size === undefined || !date) return nameInTheMiddle(words, size, reading)
  if (date.next >= words.count) return undefined
  const text = words.from(date.next).trimEnd()
  const directory = text.endsWith(' <DIR>')
  return {
    name: directory ? text.slice(0, -6).trimEnd() : text,
    kind: directory ? 'directory' : 'file',
    size,
    modified: date.time,
    family: date.time.precision === 'second' ? 'vxworks' : 'vshell',
    confidence: 'sure',
  }
}

/** PC/TCP: `40774     NAME.SYS   Tue May 31 06:22:00 1994`, `<dir>     NAME   Thu Feb 20 09:55:02 2003`. */
function nameInTheMiddle(words: Words, size: number | undefined, reading: Reading): Found | undefined {
  const modified = dateAtEnd(words, 2, reading)
  if (modified?.precision !== 'second') return undefined
  const kind = size === undefined ? 'directory' : 'file'
  return { name: words.at(1), kind, size, modified, family: 'other', confidence: 'likely' }
}
