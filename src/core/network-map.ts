import { addressWords } from './address-words.ts'

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
    const words = addressWords(address)
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
  const words = addressWords(base)
  if (words === undefined || more !== undefined) return undefined
  const most = words.length * 32
  const bits = length === undefined ? most : /^\d{1,3}$/u.test(length) ? Number(length) : most + 1
  return bits > most ? undefined : { family: words.length === 1 ? 4 : 6, bits, words }
}

/** IPv4 as a number, IPv6 as a character for each 16 bits: both quick to make and to find. */
function keyOf(words: readonly number[], bits: number): string | number {
  const [first = 0, second = 0, third = 0, fourth = 0] = words
  if (words.length === 1) return masked(first, bits)
  const [a, b] = [masked(first, bits), masked(second, bits - 32)]
  if (bits <= 64) return String.fromCharCode(a >>> 16, a & 0xffff, b >>> 16, b & 0xffff)
  const [c, d] = [masked(third, bits - 64), masked(fourth, bits - 96)]
  return String.fromCharCode(...[a, b, c, d].flatMap((word) => [word >>> 16, word & 0xffff]))
}

function masked(word: number, bits: number): number {
  if (bits <= 0) return 0
  return bits >= 32 ? word : (word & (0xffff_ffff << (32 - bits))) >>> 0
}
