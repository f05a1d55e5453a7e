import { clockTime, halfOf } from './clock-time.ts'
import { dayOfWord, timeOf } from './date-at.ts'
import { remark, type Found, type ReadLine } from './listed.ts'
import type { Reading } from './reading.ts'
import type { Words } from './words.ts'

const block = 512
const units: Readonly<Record<string, number>> = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 }

/** OpenVMS, also as MultiNet and others list it: name, blocks, date, owner and protection, in orders that differ. */
export const vms: ReadLine = (words, reading) => {
  const name = /^(?:[\w$-]*:?\[[^\]]*\])?([^;[\]]+)(?:;(-?\d{1,5}))?$/u.exec(words.at(0).replace(/\r$/u, ''))
  const version = name?.[2]
  if (!name?.[1] || words.count < 2) return undefined
  if (version === undefined && !isWhole(name[1], words.line)) return undefined
  // `*.*;0  <%RMS-E-FNF, file not found>` is an empty directory.
  if (name[1].includes('*')) return isRefusal(words) ? remark : undefined
  const rest = restOf(words, reading)
  if (!rest) return undefined
  if (version === undefined && (rest.modified === undefined || rest.size === undefined)) return undefined
  const directory = /^(.+)\.DIR$/iu.exec(name[1])
  const plain = directory?.[1] ?? name[1]
  return {
    name: reading.sameAsBefore(plain) && version !== undefined ? `${plain};${version}` : plain,
    kind: directory ? 'directory' : 'file',
    ...(version === undefined ? {} : { version: Number(version) }),
    ...rest,
    rounded: true,
    family: 'vms',
    confidence: rest.modified === undefined ? 'likely' : 'sure',
  }
}

/** A line without a version shows by the point in its name and by what it ends in, `[OWNER]` or `(RWED,RWED,,)`, whose it is. */
function isWhole(name: string, line: string): boolean {
  return name.includes('.') && /(?:\]|\([RWED,\s]*\))\s*$/iu.test(line)
}

/** What the words behind the name say, each by its form; undefined where one of them has no such form. */
function restOf(words: Words, reading: Reading): Partial<Found> | undefined {
  if (isRefusal(words)) return {}
  let size: number | undefined
  let modified: Found['modified']
  let owner: string | undefined
  let group: string | undefined
  for (let at = 1; at < words.count; at += 1) {
    const word = words.at(at)
    const blocks = /^(\d{1,15})(?:\/(\d{1,15})|((?:\.\d{1,3})?)(KB|MB|GB))?$/u.exec(word)
    if (blocks && size === undefined) size = bytesOf(blocks)
    // More blocks than the column holds.
    else if (/^\*{3,}$/u.test(word)) continue
    else if (word.startsWith('[')) {
      const end = closing(words, at)
      ;[group, owner] = ownersOf(words.between(at, end + 1) ?? '')
      at = end
    } else if (word.startsWith('(')) return { size, modified, owner, group }
    else if (modified === undefined) {
      const day = dayOfWord(word, reading)
      if (!day) return undefined
      const half = halfOf(words.at(at + 2), words.at(at + 3))
      const clock = (half && clockTime(words.at(at + 1), half.half)) ?? clockTime(words.at(at + 1))
      modified = timeOf(day, clock)
      if (clock) at += 1 + (half?.words ?? 0)
    } else owner = word
  }
  return size === undefined && modified === undefined ? undefined : { size, modified, owner, group }
}

/** `213/216`: blocks that are used and reserved; some tell the bytes of the first. */
function bytesOf([, used, reserved, fraction = '', unit = '']: RegExpExecArray): number {
  const isBytes = Number(used) === Number(reserved) * block
  return Math.round(Number(`${used}${fraction}`) * (isBytes ? 1 : (units[unit] ?? block)))
}

/** `%RMS-E-PRV, insufficient privilege …`, `<%SYSTEM-F-NOPRIV, …>`, or in words: the file is there and tells no more. */
function isRefusal(words: Words): boolean {
  return /^(?:<?%[A-Z]|(?:no|insufficient) privilege)/iu.test(words.from(1).slice(0, 40))
}

function closing(words: Words, from: number): number {
  for (let at = from; at < words.count && at < from + 4; at += 1) {
    if (words.at(at).endsWith(']')) return at
  }
  return from
}

/** `[GROUP,MEMBER]` or `[MEMBER]`. */
function ownersOf(text: string): [string | undefined, string] {
  const [first = '', second] = text.replaceAll(/[[\]\s]/gu, '').split(',')
  return second === undefined ? [undefined, first] : [first, second]
}
