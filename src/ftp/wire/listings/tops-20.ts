import { clockTime } from './clock-time.ts'
import { dayOfWord, timeOf } from './date-at.ts'
import { remark, type Found, type ListedTime, type ReadLine } from './listed.ts'
import type { Reading } from './reading.ts'

/**
 * TOPS-20, whose names end in a generation: `<ANNA>LOGIN.CMD.1;P777700;A,1,15-Aug-2003 09:42:12,16-Aug-2003 10:43:13,17-Nov-1858 16:00:00`
 * with protection, account, pages, and when it was made, written and read; or under the name of the directory, `PS:<ANNA>`, as names
 * alone, and behind a date: `1 2560(7) 12-Jan-86 10:11:12 LOGIN.CMD.3`.
 */
export const tops20: ReadLine = (words, reading) => {
  const line = words.line.trim()
  if (/^[\w$-]{1,39}:<[\w$.-]{1,80}>$/u.test(line)) {
    reading.heading = 'tops-20'
    return remark
  }
  const [, path, facts = ''] = /^(?:[\w$-]{1,39}:)?<[\w$.-]{1,80}>([^;<>\s]+)(;.*)?$/u.exec(line) ?? []
  if (path !== undefined) return named(path, facts.split(',').at(-2), reading)
  const [, when, last] = /\s(\d{1,2}-[A-Z][a-z]{2}-\d{2,4} \d\d:\d\d:\d\d) ([^\s;]+)$/u.exec(` ${line}`) ?? []
  if (last !== undefined) return named(last, when, reading)
  return reading.heading === 'tops-20' && words.count === 1 ? named(line, undefined, reading) : undefined
}

function named(path: string, when: string | undefined, reading: Reading): Found | undefined {
  const [, whole, ending, generation] = /^((?:[^.]{1,39})\.([^.]{0,39})\.(\d{1,6}))$/u.exec(path) ?? []
  if (whole === undefined) return undefined
  const isDirectory = ending === 'DIRECTORY'
  return {
    name: isDirectory ? whole.slice(0, whole.indexOf('.')) : whole,
    kind: isDirectory ? 'directory' : 'file',
    version: Number(generation),
    modified: when === undefined ? undefined : timeIn(when, reading),
    family: 'other',
    confidence: 'likely',
  }
}

function timeIn(text: string, reading: Reading): ListedTime | undefined {
  const [date = '', time = ''] = text.trim().split(' ')
  const day = dayOfWord(date, reading)
  const clock = clockTime(time)
  return day && clock && timeOf(day, clock)
}
