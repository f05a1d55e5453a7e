import { dateAt } from './date-at.ts'
import type { ListedTime } from './listed.ts'
import type { Reading } from './reading.ts'
import { Words } from './words.ts'

const longer = new Words()

/** The time that all words from this one on tell: a name would stand behind it elsewhere, here it is the end of the line. */
export function dateAtEnd(words: Words, at: number, reading: Reading): ListedTime | undefined {
  const date = dateAt(longer.take(`${words.line} .`), at, reading)
  return date?.next === words.count ? date.time : undefined
}
