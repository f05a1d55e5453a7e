import { canonicalAddress, familyOf } from './address.ts'

/** Values by network; the longest network that holds an address decides. Ten thousand are looked up as fast as ten. */
export class NetworkMap<Value> {
  /** By family and length of prefix, the longest first: one look each. */
  readonly #levels: {
    readonly bits: number
    readonly family: 4 | 6
    readonly values: Map<string | number, Value>
  }[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  /** False: it is no network. */
  set(network: string, value: Value): boolean {
    const parsed = parse(network)
    if (parsed === undefined) return false
    const { family, bits, words } = parsed
    let level = this.#levels.find((one) => one.family === family && one.bits === bits)
    if (level === undefined) {
      level = { bits, family, values: new Map() }
      this.#levels.push(level)
      this.#levels.sort((one, other) => other.bits - one.bits)
    }
    const key = keyOf(words, bits)
    if (!level.values.has(key)) this.#size += 1
    level.values.set(key, value)
    return true
  }

  delete(network: string): boolean {
    const parsed = parse(network)
    const level = this.#levels.find((one) => one.family === parsed?.family && one.bits === parsed.bits)
    if (parsed === undefined || level?.values.delete(keyOf(parsed.words, parsed.bits)) !== true) return false
    this.#size -= 1
    return true
  }

  find(address: string): Value | undefined {
    if (this.#size === 0) return undefined
    const words = wordsOf(address)
    if (words === undefined) return undefined
    const family = words.length === 1 ? 4 : 6
    for (const level of this.#levels) {
      if (level.family !== family) continue
      const value = level.values.get(keyOf(words, level.bits))
      if (value !== undefined) return value
    }
    return undefined
  }
}

function parse(network: string): { family: 4 | 6; bits: number; words: readonly number[] } | undefined {
  const [base = '', length, more] = network.split('/')
  const words = wordsOf(base)
  if (words === undefined || more !== undefined) return undefined
  const most = words.length * 32
  const bits = length === undefined ? most : /^\d{1,3}$/u.test(length) ? Number(length) : most + 1
  return bits > most ? undefined : { family: words.length === 1 ? 4 : 6, bits, words }
}

/** IPv4 as a number, IPv6 as text of its words: both quick to make and to find. */
function keyOf(words: readonly number[], bits: number): string | number {
  const [first = 0, second = 0, third = 0, fourth = 0] = words
  if (words.length === 1) return masked(first, bits)
  return `${masked(first, bits)}:${masked(second, bits - 32)}:${masked(third, bits - 64)}:${masked(fourth, bits - 96)}`
}

function masked(word: number, bits: number): number {
  if (bits <= 0) return 0
  return bits >= 32 ? word : (word & (0xffff_ffff << (32 - bits))) >>> 0
}

/** An address as words of 32 bits: one for IPv4, four for IPv6. */
function wordsOf(address: string): readonly number[] | undefined {
  const quick = ipv4Word(address)
  if (quick !== undefined) return [quick]
  const [plain = ''] = canonicalAddress(address).split('%')
  const mapped = ipv4Word(plain)
  if (mapped !== undefined) return [mapped]
  if (familyOf(plain) !== 6) return undefined
  const [head = '', tail] = plain.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0')
  const groups = [...before, ...zeros, ...after].map((group) => Number.parseInt(group, 16))
  return [0, 2, 4, 6].map((at) => (groups[at] ?? 0) * 65_536 + (groups[at + 1] ?? 0))
}

/** Reads dotted decimals digit by digit: this is done for every connection. */
function ipv4Word(address: string): number | undefined {
  let word = 0
  let octet = -1
  let dots = 0
  for (let at = 0; at < address.length; at += 1) {
    const code = address.charCodeAt(at)
    if (code === 46) {
      if (octet < 0) return undefined
      word = word * 256 + octet
      octet = -1
      dots += 1
    } else {
      const digit = code - 48
      // A leading zero may mean octal to somebody: such an address is none.
      if (digit < 0 || digit > 9 || octet === 0) return undefined
      octet = octet < 0 ? digit : octet * 10 + digit
      if (octet > 255) return undefined
    }
  }
  return dots === 3 && octet >= 0 ? word * 256 + octet : undefined
}
