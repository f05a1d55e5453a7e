import type { EntryKind } from '../../../core/store.ts'
import { clockAt, dayOfWord, timeOf } from './date-at.ts'
import type { ReadLine } from './listed.ts'
import type { Day, Reading } from './reading.ts'
import type { Words } from './words.ts'

/** Windows: date, time, then `<DIR>` or the size, then the name; as IIS and `dir` write it. */
export const dos: ReadLine = (words, reading) => {
  const first = words.line.charCodeAt(words.start(0))
  if (first < 48 || first > 57 || words.count < 3) return undefined
  const date = dateAt(words, reading)
  const found = date && clockAt(words, date.next)
  if (!found) return undefined
  const { day } = date
  const { next: at, time: clock } = found
  const plain = words.number(at)
  if (plain !== undefined && at + 1 < words.count) {
    return {
      name: words.behind(at),
      kind: 'file',
      target: undefined,
      size: plain,
      modified: timeOf(day, clock),
      family: 'dos',
      confidence: 'sure',
    }
  }
  const mark =
    words.code(at, 0) === 60 ? /^<([A-Z-]{3,12})>$/iu.exec(words.at(at))?.[1]?.toUpperCase() : undefined
  const size = mark === undefined ? sizeOf(words, at) : { bytes: undefined, next: at + 1 }
  if (!size || size.next >= words.count) return undefined
  const text = mark === undefined ? words.behind(size.next - 1) : words.from(at + 1)
  const { kind, name, target } = marked(mark, text)
  return {
    name,
    kind,
    target,
    size: size.bytes,
    modified: timeOf(day, clock),
    family: 'dos',
    confidence: 'sure',
  }
}

/** `04-27-00`, `2024/01/05 周五`, and the Hungarian `2024. 01. 05.`. */
function dateAt(words: Words, reading: Reading): { readonly day: Day; readonly next: number } | undefined {
  const day = dayOfWord(words.at(0), reading)
  if (day) return { day, next: /^[^\p{ASCII}]{1,3}$/u.test(words.at(1)) && !clockAt(words, 1) ? 2 : 1 }
  const parts = [0, 1, 2].map((at) => words.at(at))
  if (!parts.every((part) => /^\d{2,4}\.$/u.test(part))) return undefined
  const apart = dayOfWord(parts.join('').slice(0, -1), reading)
  return apart && { day: apart, next: 3 }
}

function marked(
  mark: string | undefined,
  text: string,
): { readonly kind: EntryKind; readonly name: string; readonly target: string | undefined } {
  if (mark === undefined) return { kind: 'file', name: text, target: undefined }
  if (mark === 'DIR' || mark === 'REP') return { kind: 'directory', name: text, target: undefined }
  const at = text.endsWith(']') ? text.indexOf(' [', 1) : -1
  if (at >= 0) return { kind: 'link', name: text.slice(0, at), target: text.slice(at + 2, -1) }
  const [name = '', target] = text.split(/ [-=]> (.+)/u, 2)
  return { kind: 'link', name, target }
}

/** `589`, `9,730`, `1 234 567` where the thousands are kept apart by spaces that are one with the number. */
function sizeOf(words: Words, at: number): { readonly bytes: number; readonly next: number } | undefined {
  const word = words.at(at)
  if (!/^\d{1,3}(?:[.,'\u00a0\u202f\udca0\udcff]\d{3})+$/u.test(word)) return undefined
  return { bytes: Number(word.replaceAll(/\D/gu, '')), next: at + 1 }
}
