/** The key of ChaCha20 as its eight words. */
export function chachaWords(key: Uint8Array): Uint32Array {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength)
  return Uint32Array.from({ length: 8 }, (_, at) => view.getUint32(4 * at, true))
}

/**
 * The first words, twelve at most, of the first block of ChaCha20 (RFC 8439 §2.3) under the number of a packet. In TypeScript, as a packet needs
 * two of them, and to ask node:crypto for one costs five times as much.
 */
export function chachaBlock(key: Uint32Array, sequence: number, into: Uint32Array): void {
  const last = swapped(sequence)
  state.set(constants)
  state.set(key, 4)
  state[12] = 0
  state[13] = 0
  state[14] = 0
  state[15] = last
  for (let round = 0; round < 10; round += 1) {
    quarter(0, 4, 8, 12)
    quarter(1, 5, 9, 13)
    quarter(2, 6, 10, 14)
    quarter(3, 7, 11, 15)
    quarter(0, 5, 10, 15)
    quarter(1, 6, 11, 12)
    quarter(2, 7, 8, 13)
    quarter(3, 4, 9, 14)
  }
  for (let at = 0; at < into.length; at += 1) {
    const first = at < 4 ? constants[at] : key[at - 4]
    into[at] = (state[at] ?? 0) + (first ?? 0)
  }
}

/** "expand 32-byte k". */
const constants = Uint32Array.of(0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574)

const state = new Int32Array(16)

function quarter(a: number, b: number, c: number, d: number): void {
  let x = state[a] as number
  let y = state[b] as number
  let z = state[c] as number
  let w = state[d] as number
  x = (x + y) | 0
  w = turned(w ^ x, 16)
  z = (z + w) | 0
  y = turned(y ^ z, 12)
  x = (x + y) | 0
  w = turned(w ^ x, 8)
  z = (z + w) | 0
  y = turned(y ^ z, 7)
  state[a] = x
  state[b] = y
  state[c] = z
  state[d] = w
}

function turned(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by))
}

/** The number is sent with its highest byte first, and words are read with the lowest. */
function swapped(word: number): number {
  return (word >>> 24) | ((word >>> 8) & 0xff00) | ((word & 0xff00) << 8) | (word << 24)
}
