import { clockTime } from './clock-time.ts'
import { dayOfWord, timeOf } from './date-at.ts'
import type { Found, ListedTime, ReadLine } from './listed.ts'
import type { Reading } from './reading.ts'
import type { Words } from './words.ts'

/**
 * z/VSE: what its root holds (`PRD1   <Library>`), sublibraries (`BASE   <Sub Library>   12  345  00-05-31 06:22:00`), their members
 * (`NAME.PHASE  23  4  99-05-31  98-01-02  F`), the files of a catalogue (`MY.FILE   00/05/31 06:22:00  123  K`) and the queues of
 * POWER (`JOB.01234.000   12  1  34  5  D  OWNER`).
 */
export const vse: ReadLine = (words, reading) => {
  if (words.count < 2 || words.count > 8) return undefined
  return words.code(1, 0) === 60 ? container(words, reading) : (inCatalogue(words, reading) ?? queued(words))
}

function container(words: Words, reading: Reading): Found | undefined {
  const form = /^\s*(\S+)\s+<([A-Z][A-Za-z ]{2,20})>(?:\s+\d{1,9}\s+\d{1,9}\s+\S+\s+\S+)?\s*$/u
  const [, name, kind = ''] = form.exec(words.line.slice(0, 300)) ?? []
  // `NAME   <DIR>   05-11-95   14:20` is of Windows.
  if (name === undefined || /^DIR$/iu.test(kind)) return undefined
  const modified = timeAt(words, words.count - 2, reading)
  return {
    name,
    kind: kind === 'File' ? 'file' : 'directory',
    modified,
    family: 'vse',
    confidence: 'sure',
  }
}

function inCatalogue(words: Words, reading: Reading): Found | undefined {
  const last = words.count - 1
  const modified = timeAt(words, 1, reading)
  if (words.count === 5 && modified && words.number(3) !== undefined && /^[EKRSDVIU]$/u.test(words.at(last)))
    return { name: words.at(0), kind: 'file', modified, family: 'vse', confidence: 'sure' }
  if (words.count !== 6 || !/^[FS]$/u.test(words.at(last)) || !/^[^.]{1,8}\.[^.]{1,8}$/u.test(words.at(0)))
    return undefined
  const created = dayOfWord(words.at(3), reading)
  const changed = dayOfWord(words.at(4), reading)
  if (words.number(1) === undefined || words.number(2) === undefined || !created || !changed) return undefined
  return {
    name: words.at(0),
    kind: 'file',
    created: timeOf(created, undefined),
    modified: timeOf(changed, undefined),
    family: 'vse',
    confidence: 'sure',
  }
}

function queued(words: Words): Found | undefined {
  const isJob = /^[^.\s]{1,8}\.\d{1,5}\.\d{1,3}$/u.test(words.at(0)) && /^[DHKL]$/u.test(words.at(5))
  if (!isJob || words.count > 7) return undefined
  if ([1, 2, 3, 4].some((at) => words.number(at) === undefined)) return undefined
  const owner = words.count > 6 ? words.at(6) : undefined
  return { name: words.at(0), kind: 'file', owner, family: 'vse', confidence: 'sure' }
}

function timeAt(words: Words, at: number, reading: Reading): ListedTime | undefined {
  const day = at > 0 ? dayOfWord(words.at(at), reading) : undefined
  const clock = clockTime(words.at(at + 1))
  return day && clock && timeOf(day, clock)
}
