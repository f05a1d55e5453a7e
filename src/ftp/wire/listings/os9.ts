import { timeOf } from './date-at.ts'
import type { ReadLine } from './listed.ts'
import { fullYear, isDay } from './year.ts'

/** Microware OS-9: owner, year/month/day, hours and minutes, attributes, sector, size, name. */
export const os9: ReadLine = (words) => {
  if (words.count < 7 || !/^\d{1,5}\.\d{1,5}$/u.test(words.at(0))) return undefined
  const date = /^(\d\d)\/(\d\d)\/(\d\d)$/u.exec(words.at(1))
  const clock = /^([01]\d|2[0-3])([0-5]\d)$/u.exec(words.at(2))
  const attributes = /^([-d])[-s][-ewr]{6}$/u.exec(words.at(3))
  const size = words.number(5)
  if (!date || !clock || !attributes || size === undefined) return undefined
  const day = { year: fullYear(Number(date[1])), month: Number(date[2]), day: Number(date[3]) }
  if (!isDay(day.year, day.month, day.day)) return undefined
  const ms = (Number(clock[1]) * 60 + Number(clock[2])) * 60_000
  return {
    name: words.from(6),
    kind: attributes[1] === 'd' ? 'directory' : 'file',
    size,
    modified: timeOf(day, { ms, precision: 'minute', zone: undefined }),
    owner: words.at(0),
    family: 'os9',
    confidence: 'sure',
  }
}
