import { encodeText } from '../../../core/text.ts'
import { monthNames } from './month-names.ts'

const longestBeginning = 9
const longestWord = 24
const mostRemembered = 512

/** Encodings in which month names arrive; of each the ones that differ where those names do. */
const latinEncodings = ['windows-1252', 'windows-1250', 'iso-8859-2', 'windows-1254', 'macintosh']

/** Those of other letters, in which no letter of a month is of ASCII. */
const otherEncodings = [
  'koi8-u',
  'windows-1251',
  'ibm866',
  'iso-8859-5',
  'windows-1253',
  'iso-8859-7',
  'windows-874',
  'windows-1255',
  'iso-8859-6',
  'windows-1256',
  'x-mac-cyrillic',
]

/** The word for month, in the encodings of those who write a number before it. */
const monthUnits = [
  '月',
  '월',
  '\udc8c\udc8e',
  '\udcb7\udcee',
  '\udcd4\udcc2',
  '\udca4\udceb',
  '\udcbf\udcf9',
]

/** Months that are counted in words: `三月`, and the Vietnamese `Th03`, `Thg 3`. */
const chinese = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '十一', '十二'].map(
  (count) => `${count}月`,
)
const vietnamese = /^thg?\.?(\d{1,2})$/iu

const beginnings = new Map<string, number>()
for (const [index, names] of monthNames.entries()) {
  for (const name of names) beginnings.set(plain(name), index + 1)
}
const remembered = new Map<string, number>()

/** 1 to 12 for a word that names a month, in any language and encoding that servers are known to use; 0 for others. */
export function monthOf(word: string): number {
  const known = remembered.get(word)
  if (known !== undefined) return known
  if (word.length > longestWord) return 0
  const month = look(word)
  // Owners and names come here too, and there is no end of them.
  if (remembered.size >= mostRemembered) remembered.clear()
  remembered.set(word, month)
  return month
}

function look(word: string): number {
  const numbered = /^(\d{1,2})(\D{1,3})$/u.exec(word)
  if (numbered) return monthUnits.includes(numbered[2] ?? '') ? upToTwelve(Number(numbered[1])) : 0
  const counted = chinese.indexOf(word) + 1 || upToTwelve(Number(vietnamese.exec(word)?.[1] ?? 0))
  if (counted > 0) return counted
  if (/^\p{P}|\d/u.test(word) || (word.length < 2 && isAscii(word))) return 0
  const read = beginningOf(plain(word))
  // Three Cyrillic letters in CP866 may look like one letter of UTF-8.
  if (read > 0 || isAscii(word)) return read
  const bytes = encodeText(word)
  for (const encoding of /[a-z]/iu.test(word) ? latinEncodings : otherEncodings) {
    const month = beginningOf(plain(new TextDecoder(encoding).decode(bytes)))
    if (month > 0) return month
  }
  return likeness(word)
}

/** Letters that came in an encoding nobody thought of count as any letter, if one month alone looks so. */
function likeness(word: string): number {
  const letters = word.replace(/[.,]$/u, '').toLowerCase()
  if (letters.replaceAll(/[^a-z]/gu, '').length < 2) return 0
  let found = 0
  for (const [name, month] of beginnings) {
    if (name.length > letters.length) continue
    if (found === month || !isAlike(letters, name)) continue
    if (found > 0) return 0
    found = month
  }
  return found
}

function isAlike(letters: string, name: string): boolean {
  for (let at = 0; at < name.length; at += 1) {
    const code = letters.charCodeAt(at)
    if (code < 0x80 && code !== name.charCodeAt(at)) return false
  }
  return true
}

function beginningOf(name: string): number {
  if (name.length === 2) return beginnings.get(name) ?? 0
  for (let length = Math.min(longestBeginning, name.length); length >= 3; length -= 1) {
    const month = beginnings.get(name.slice(0, length))
    if (month !== undefined) return month
  }
  return 0
}

function isAscii(word: string): boolean {
  return /^\p{ASCII}*$/u.test(word)
}

function upToTwelve(number: number): number {
  return number <= 12 ? number : 0
}

/** Lower case without accents; a dotless i is an i. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/gu, '')
    .replaceAll('ı', 'i')
    .replaceAll('ł', 'l')
    .replaceAll('ž', 'z')
}
