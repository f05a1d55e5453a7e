import { dateAt } from './date-at.ts'
import { remark, type ReadLine } from './listed.ts'

/** VxWorks (`   2048    Feb-28-1998  05:23:30   name <DIR>`) and VShell (`206876  Apr 04, 2000 21:06 name`). */
export const sizeFirst: ReadLine = (words, reading) => {
  if (/^\s*(?:size\s+date\s+time\s+name|-{4,}\s+-{4,}\s)/iu.test(words.line.slice(0, 120))) return remark
  const size = words.number(0)
  if (size === undefined) return undefined
  const date = dateAt(words, 1, reading)
  if (!date || date.next >= words.count) return undefined
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
