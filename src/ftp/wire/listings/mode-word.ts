import type { EntryKind } from '../../../core/store.ts'
import type { Words } from './words.ts'

/** What the word with the permissions says. */
export interface ModeFound {
  readonly kind: EntryKind
  readonly mode: number | undefined
  /** Behind the letters: the number of links, where no space was left for one. */
  readonly links: number | undefined
  readonly device: boolean
}

/**
 * Files may be contiguous (`C`), migrated (`m`, `M`) or of Plan 9, which only grow (`a`), z/OS has external links (`e`); all other
 * letters are no plain files.
 */
const kinds: Readonly<Record<string, EntryKind>> = {
  '-': 'file',
  a: 'file',
  C: 'file',
  d: 'directory',
  e: 'link',
  f: 'file',
  l: 'link',
  m: 'file',
  M: 'file',
}
const types = 'adlbcefpsDPnmMwCVFhT|=?'
const kept = new Map<string, ModeFound | undefined>()
const mostKept = 4096

/** Reads `-rw-r--r--`, `drwxr-sr-t+`, `crw-------@`, `rw-r--r--`, and `drwxrwx` where nobody else counts; undefined: that is no mode. */
export function modeWord(words: Words, at: number): ModeFound | undefined {
  const length = words.length(at)
  if (length < 7 || length > 20) return undefined
  const first = words.code(at, 0)
  // Numbers, names in capitals: most lines of other families end here.
  if (first > 48 && first < 63) return undefined
  const word = words.kept(at)
  if (kept.has(word)) return kept.get(word)
  const found = read(word)
  if (kept.size >= mostKept) kept.clear()
  kept.set(word, found)
  return found
}

function read(word: string): ModeFound | undefined {
  if (word.length === 7 || (word.length === 9 && !isModeWithoutType(word))) return shortMode(word)
  const plan9 = /^([-dal])[-lt]((?:[-r][-w][-x]){3})$/u.exec(word)
  if (plan9) return ofPlan9(plan9[1] ?? '', plan9[2] ?? '')
  const found = /^(.?)([-rwxsStTlLoadcR?]{9})([-+@.*&,:]?)(\d{0,8})$/u.exec(word)
  if (!found) return undefined
  const [, type = '', permissions = '', , links = ''] = found
  if (type !== '' && type !== '-' && !types.includes(type)) return undefined
  if (type === '' && !isModeWithoutType(permissions)) return undefined
  return {
    kind: type === '' ? 'file' : (kinds[type] ?? 'other'),
    mode: bitsOf(permissions),
    links: links === '' ? undefined : Number(links),
    device: type === 'b' || type === 'c',
  }
}

/** `d-rwxr-xr-x`: whether only one may have it open, or it is not kept for long, stands in a letter of its own. */
function ofPlan9(type: string, permissions: string): ModeFound {
  return {
    kind: type === 'd' ? 'directory' : 'file',
    mode: bitsOf(permissions),
    links: undefined,
    device: false,
  }
}

function isModeWithoutType(word: string): boolean {
  return /^(?:[r-][w-][-xsStT]){3}$/u.test(word)
}

/** HylaFAX tells of owner and group alone (`drwxr-x`), CMX has a letter too few (`d--------`): what it is can be read all the same. */
function shortMode(word: string): ModeFound | undefined {
  if (!/^[-dl](?:(?:[r-][w-][xsS-]){2}|[-rwx]{8})$/u.test(word)) return undefined
  return {
    kind: kinds[word.charAt(0)] ?? 'other',
    mode: word.length === 7 ? bitsOf(`${word.slice(1)}---`) : undefined,
    links: undefined,
    device: false,
  }
}

/** The bits that the nine letters stand for; undefined where one of them is not known. */
function bitsOf(letters: string): number | undefined {
  if (!/^(?:[-r][-w][-xsStTlL]){3}$/u.test(letters)) return undefined
  let mode = 0
  for (let at = 0; at < 9; at += 1) {
    const letter = letters.charAt(at)
    const special = 0o4000 >> Math.floor(at / 3)
    if (letter === '-') continue
    if (/[sStTlL]/u.test(letter)) mode |= special
    if (/[rwxst]/u.test(letter)) mode |= 0o400 >> at
  }
  return mode
}
