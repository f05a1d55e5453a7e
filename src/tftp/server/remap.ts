import { FileError } from '../../core/error.ts'
import { parseRemapRule, type Piece, type RemapRule } from './remap-rule.ts'

/** What a rule may look at. */
export interface Asked {
  readonly deed: 'read' | 'write'
  readonly name: string
  /** The client's. */
  readonly address: string
}

/** Gives the name that is meant by the one that was asked for; throws where a rule refuses it. */
export type Remap = (asked: Asked) => string

/** So many rules are followed for one name, as `s` and `g` can go round in circles (tftpd-hpa's own limit). */
const mostSteps = 1024

/** Names do not grow beyond this, whatever rules do to them. */
const longestName = 4096

/** Reads a file of rules as tftpd-hpa's `--map-file` takes it. Throws what is wrong, and in which line. */
export function parseRemap(text: string): Remap {
  const rules = text.split('\n').flatMap((line, index) => {
    const rule = parseRemapRule(line, index + 1)
    return rule === undefined ? [] : [rule]
  })
  return (asked) => follow(rules, asked)
}

function follow(rules: readonly RemapRule[], asked: Asked): string {
  let name = asked.name
  let steps = 0
  for (let at = 0; at < rules.length; at += 1) {
    const rule = rules[at]
    if (rule === undefined || !applies(rule, asked)) continue
    let matched = false
    for (;;) {
      steps += 1
      if (steps > mostSteps || name.length > longestName)
        throw new FileError('failed', 'the rules for names do not come to an end')
      const found = rule.pattern.exec(name)
      if ((found === null) !== rule.inverse) break
      matched = true
      if (rule.refuse) {
        const said = expand(rule.replacement, found, asked)
        throw new FileError('denied', said === '' ? 'this name is refused' : said)
      }
      if (rule.rewrite && found !== null) {
        const before = name.slice(0, found.index)
        name = before + expand(rule.replacement, found, asked) + name.slice(found.index + found[0].length)
      }
      if (!rule.global) break
    }
    if (!matched) continue
    if (rule.exit) return name
    if (rule.again) at = -1
  }
  return name
}

function applies({ deed, family }: RemapRule, asked: Asked): boolean {
  const six = asked.address.includes(':')
  return (deed === undefined || deed === asked.deed) && (family === undefined || (family === 6) === six)
}

function expand(pieces: readonly Piece[], found: RegExpExecArray | null, { address }: Asked): string {
  let written = ''
  let turn: (text: string) => string = turns.same
  for (const piece of pieces) {
    switch (piece.kind) {
      case 'text':
        written += turn(piece.text)
        break
      case 'group':
        written += turn(found?.[piece.index] ?? '')
        break
      case 'address':
        written += turn(address.replace(/%.*$/u, ''))
        break
      case 'hexadecimal':
        written += turn(inHexadecimal(address))
        break
      case 'letters':
        turn = turns[piece.to]
        break
    }
  }
  return written
}

const turns = {
  upper: (text: string) => text.toUpperCase(),
  lower: (text: string) => text.toLowerCase(),
  same: (text: string) => text,
} as const

/** C00002A9 for 192.0.2.169, and all 32 digits of an IPv6 address: PXELINUX' configurations are named so. */
function inHexadecimal(address: string): string {
  if (!address.includes(':')) {
    const digits = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))
    return digits.join('').toUpperCase()
  }
  const [head = '', tail] = address.replace(/%.*$/u, '').split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const middle = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0')
  return [...first, ...middle, ...last]
    .map((group) => group.padStart(4, '0'))
    .join('')
    .toUpperCase()
}
