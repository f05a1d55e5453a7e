import { clockTime } from './clock-time.ts'
import { timeOf } from './date-at.ts'
import { remark, type Found, type ListedTime, type ReadLine } from './listed.ts'
import type { Words } from './words.ts'
import { fullYear, isDay } from './year.ts'

const blockSize = 4096

/** Stratus VOS: under `Files: 4 Blocks: 609`, `w    158 stm       05-05-19 11:53:44  name`; under `Dirs: 2`, the same without a format. */
export const stratus: ReadLine = (words, reading) => {
  const heading = /^(Files|Dirs|Links):\s+\d{1,9}(?:\s+Blocks:\s+\d{1,12})?\s*$/u.exec(
    words.line.slice(0, 80),
  )
  if (heading) {
    reading.heading = heading[1] === 'Dirs' ? 'directories' : heading[1] === 'Links' ? 'links' : 'files'
    return remark
  }
  if (reading.heading === 'links') return link(words)
  const blocks = words.number(1)
  if (!/^[a-z]$/u.test(words.at(0)) || blocks === undefined) return undefined
  const at = /^[a-z]{2,4}$/u.test(words.at(2)) ? 3 : 2
  const modified = timeAt(words, at)
  if (!modified || at + 2 >= words.count) return undefined
  return {
    name: words.from(at + 2),
    kind: reading.heading === 'directories' ? 'directory' : 'file',
    size: blocks * blockSize,
    rounded: true,
    modified,
    family: 'stratus',
    confidence: 'sure',
  }
}

/** Under `Links: 1`: `05-05-19 11:53:44  name ->  %system#disk>folder>file`. */
function link(words: Words): Found | undefined {
  const modified = timeAt(words, 0)
  const [name = '', target] = words.from(2).split(/\s+->\s+/u, 2)
  if (!modified || target === undefined) return undefined
  return { name, kind: 'link', target, modified, family: 'stratus', confidence: 'sure' }
}

function timeAt(words: Words, at: number): ListedTime | undefined {
  const date = /^(\d\d)-(\d\d)-(\d\d)$/u.exec(words.at(at))
  const clock = clockTime(words.at(at + 1))
  if (!date || !clock) return undefined
  const day = { year: fullYear(Number(date[1])), month: Number(date[2]), day: Number(date[3]) }
  return isDay(day.year, day.month, day.day) ? timeOf(day, clock) : undefined
}
