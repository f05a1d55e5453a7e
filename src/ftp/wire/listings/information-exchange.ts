import { clockTime } from './clock-time.ts'
import { dayOfWord, timeOf } from './date-at.ts'
import type { ReadLine } from './listed.ts'
import { fullYear } from './year.ts'

/**
 * Messages of GXS's (once IBM's) Information Exchange, in its long form `FFAD59A3FB10054AC5F1._IE  ACCT USER  ORDERS  0000006501 960821
 * 092357`, with the name that a file once had, `FFAD59A3FB10054AC5F1._IE "orders.edi"`, or by their keys alone.
 */
export const informationExchange: ReadLine = (words, reading) => {
  const name = words.at(0)
  if (!name.endsWith('._IE')) return undefined
  const found = { name, kind: 'file', family: 'other', confidence: 'likely' } as const
  if (words.count < 7) return words.count < 3 || words.at(1).startsWith('"') ? found : undefined
  const [, year = '', month, day] = /^(\d\d)(\d\d)(\d\d)$/u.exec(words.at(words.count - 2)) ?? []
  const time = words.at(words.count - 1).replace(/^(\d\d)(\d\d)(\d\d)$/u, '$1:$2:$3')
  const date = dayOfWord(`${fullYear(Number(year))}-${month}-${day}`, reading)
  const size = words.number(words.count - 3)
  const clock = clockTime(time)
  if (size === undefined || !date || !clock) return undefined
  return { ...found, size, modified: timeOf(date, clock), owner: words.at(2), group: words.at(1) }
}
