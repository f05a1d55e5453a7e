import { dateAt } from './date-at.ts'
import type { ReadLine } from './listed.ts'
import { linked } from './unix.ts'

/**
 * The descriptive `ls` of old archives: `README   763  Information about this server`, `bin/   =  Programs`. Only a
 * directory's line shows that it is one of these; then the lines before it are read again.
 */
export const dls: ReadLine = (words, reading) => {
  const size = words.number(1)
  const sign = words.length(1) === 1 && (words.at(1) === '-' || words.at(1) === '=')
  const directory = words.at(0).endsWith('/')
  if (directory && sign) reading.learnDescriptions()
  if (!reading.describes || (size === undefined && !sign)) return undefined
  const date = dateAt(words, 2, reading)
  const { target } = linked(` ${words.from(2)}`, 'link')
  return {
    name: words.at(0),
    kind: directory ? 'directory' : target === undefined ? 'file' : 'link',
    size,
    target,
    modified: date?.time,
    family: 'dls',
    confidence: 'likely',
  }
}
