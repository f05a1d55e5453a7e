import { clockTime } from './clock-time.ts'
import { timeOf } from './date-at.ts'
import { remark, type ReadLine } from './listed.ts'
import { fullYear, isDay } from './year.ts'

const blockSize = 4096

/** Stratus VOS: under `Files: 4 Blocks: 609`, `w    158 stm       05-05-19 11:53:44  name`; under `Dirs: 2`, the same without a format. */
export const stratus: ReadLine = (words, reading) => {
  const heading = /^(Files|Dirs|Links):\s+\d{1,9}(?:\s+Blocks:\s+\d{1,12})?\s*$/u.exec(
    words.line.slice(0, 80),
  )
  if (heading) {
    reading.heading = heading[1] === 'Dirs' ? 'directories' : 'files'
    return remark
  }
  const blocks = words.number(1)
  if (!/^[a-z]$/u.test(words.at(0)) || blocks === undefined) return undefined
  const at = /^[a-z]{2,4}$/u.test(words.at(2)) ? 3 : 2
  const date = /^(\d\d)-(\d\d)-(\d\d)$/u.exec(words.at(at))
  const clock = clockTime(words.at(at + 1))
  if (!date || !clock || at + 2 >= words.count) return undefined
  const day = { year: fullYear(Number(date[1])), month: Number(date[2]), day: Number(date[3]) }
  if (!isDay(day.year, day.month, day.day)) return undefined
  return {
    name: words.from(at + 2),
    kind: reading.heading === 'directories' ? 'directory' : 'file',
    size: blocks * blockSize,
    rounded: true,
    modified: timeOf(day, clock),
    family: 'stratus',
    confidence: 'sure',
  }
}
