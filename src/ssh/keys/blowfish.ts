/**
 * Blowfish with the key schedule of bcrypt (Provos and Mazières, 1999), for the keys of OpenSSH alone: node:crypto has neither.
 */
export class Blowfish {
  readonly #p: Uint32Array
  readonly #s: Uint32Array
  readonly #pair = new Uint32Array(2)

  /** Begins as every cipher of that kind does. */
  constructor() {
    const digits = digitsOfPi()
    this.#p = digits.slice(0, rounds + 2)
    this.#s = digits.slice(rounds + 2)
  }

  /** Mixes a key into the state, and with a salt that too. Both are a whole number of words. */
  expand(key: Uint32Array, salt?: Uint32Array): void {
    for (let index = 0; index < this.#p.length; index += 1) {
      this.#p[index] = at(this.#p, index) ^ at(key, index % key.length)
    }
    const pair = this.#pair
    pair.fill(0)
    let next = 0
    for (const table of [this.#p, this.#s]) {
      for (let index = 0; index < table.length; index += 2) {
        if (salt !== undefined) {
          pair[0] = at(pair, 0) ^ at(salt, next)
          pair[1] = at(pair, 1) ^ at(salt, next + 1)
          next = (next + 2) % salt.length
        }
        this.encrypt(pair, 0)
        table[index] = at(pair, 0)
        table[index + 1] = at(pair, 1)
      }
    }
  }

  /** Encrypts two words in their place. */
  encrypt(words: Uint32Array, from: number): void {
    const p = this.#p
    let left = at(words, from) ^ at(p, 0)
    let right = at(words, from + 1)
    for (let round = 1; round <= rounds; round += 2) {
      right ^= this.#mix(left) ^ at(p, round)
      left ^= this.#mix(right) ^ at(p, round + 1)
    }
    words[from] = right ^ at(p, rounds + 1)
    words[from + 1] = left
  }

  #mix(word: number): number {
    const s = this.#s
    const sum = at(s, word >>> 24) + at(s, 256 + ((word >>> 16) & 255))
    return ((sum ^ at(s, 512 + ((word >>> 8) & 255))) + at(s, 768 + (word & 255))) | 0
  }
}

const rounds = 16
const words = rounds + 2 + 4 * 256

let known: Uint32Array | undefined

/** What a Blowfish begins with is the fraction of pi: computed, since a table of a thousand numbers would be less sure. */
function digitsOfPi(): Uint32Array {
  known ??= computeDigits()
  return known
}

function computeDigits(): Uint32Array {
  const bits = BigInt(words * 32)
  const spare = 64n
  const one = 1n << (bits + spare)
  // Machin's formula.
  const pi = 4n * (4n * arctanOfInverse(5n, one) - arctanOfInverse(239n, one))
  const fraction = (pi - 3n * one) >> spare
  const hex = fraction.toString(16).padStart(words * 8, '0')
  return Uint32Array.from({ length: words }, (_, index) => parseInt(hex.slice(index * 8, index * 8 + 8), 16))
}

function arctanOfInverse(x: bigint, one: bigint): bigint {
  const square = x * x
  let power = one / x
  let sum = power
  for (let odd = 3n; power !== 0n; odd += 2n) {
    power /= -square
    sum += power / odd
  }
  return sum
}

function at(array: Uint32Array, index: number): number {
  return array[index] ?? 0
}
