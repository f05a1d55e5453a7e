import { get, set, signed, wasmTypes, type Code, type WasmParts } from './wasm.ts'

/**
 * The WebAssembly behind poly1305.ts: `run(blocks, lastIsShort)`, with the key at 0 of its memory, the tag at 32, the message at 64.
 * Numbers of 130 bits are five limbs of 26 bits, as in poly1305-donna-32; multiplications are of 64 bits.
 */
export function poly1305Code(pages: number): WasmParts {
  const locals = [
    { count: 1, type: wasmTypes.i32 },
    { count: localCount, type: wasmTypes.i64 },
  ]
  return { parameters: 2, locals, body: body(), pages }
}

// Locals: 0 how many blocks are left, 1 whether the last is short, 2 where the next block lies; the rest are numbers of 64 bits.
const blocks = 0
const lastIsShort = 1
const place = 2
const low = 3
const high = 4
const top = 5
const h = [6, 7, 8, 9, 10] as const
const r = [11, 12, 13, 14, 15] as const
/** Five times each limb of r: what passes 2^130 comes back five times. */
const r5 = [16, 17, 18, 19, 20] as const
const d = [21, 22, 23, 24, 25] as const
const localCount = 23

const zero: Code = [0x41, 0]

const limb = number(0x3ff_ffffn)

function body(): number[] {
  return [...loadKey(), ...eachBlock(), ...finish()]
}

/** r is clamped: RFC 8439 §2.5.1. */
function loadKey(): number[] {
  return [
    ...set(low, and(load(zero, 0), number(0x0fff_fffc_0fff_ffffn))),
    ...set(high, and(load(zero, 8), number(0x0fff_fffc_0fff_fffcn))),
    ...set(top, number(0n)),
    ...r.flatMap((to, at) => set(to, limbOf(at))),
    ...r5.flatMap((to, at) => set(to, mul(get(r[at] ?? 0), number(5n)))),
    ...set(place, [0x41, ...signed(64n)]),
  ]
}

/** h = (h + block) * r, block for block; the one above its 128 bits belongs to each but a short last one. */
function eachBlock(): number[] {
  const isLast = [...get(blocks), 0x41, 1, 0x46]
  const shortLast = [...isLast, ...get(lastIsShort), 0x71]
  return [
    0x02,
    0x40,
    0x03,
    0x40, // block, loop
    ...get(blocks),
    0x45,
    0x0d,
    1, // none left: out
    ...set(low, load(get(place), 0)),
    ...set(high, load(get(place), 8)),
    ...set(top, [...number(0n), ...number(1n << 24n), ...shortLast, 0x1b]),
    ...h.flatMap((to, at) => set(to, add(get(to), limbOf(at)))),
    ...d.flatMap((to, at) => set(to, product(at))),
    ...carry(d, h),
    ...set(place, [...get(place), 0x41, 16, 0x6a]),
    ...set(blocks, [...get(blocks), 0x41, 1, 0x6b]),
    0x0c,
    0,
    0x0b,
    0x0b, // again; end of loop and block
  ]
}

/** One limb of the product: those of h with those of r, the ones that wrap around with r5. */
function product(at: number): Code {
  const terms = h.map((limbOfH, i) => {
    const other = at >= i ? r[at - i] : r5[at - i + 5]
    return mul(get(limbOfH), get(other ?? 0))
  })
  return terms.reduce((sum, term) => add(sum, term))
}

/** Brings limbs back to 26 bits; what the highest gives off comes in below, five times. */
function carry(from: readonly number[], to: readonly number[]): number[] {
  const [d0 = 0, d1 = 0, d2 = 0, d3 = 0, d4 = 0] = from
  const [h0 = 0, h1 = 0, h2 = 0, h3 = 0, h4 = 0] = to
  return [
    ...set(d1, add(get(d1), shiftRight(get(d0), 26n))),
    ...set(h0, and(get(d0), limb)),
    ...set(d2, add(get(d2), shiftRight(get(d1), 26n))),
    ...set(h1, and(get(d1), limb)),
    ...set(d3, add(get(d3), shiftRight(get(d2), 26n))),
    ...set(h2, and(get(d2), limb)),
    ...set(d4, add(get(d4), shiftRight(get(d3), 26n))),
    ...set(h3, and(get(d3), limb)),
    ...set(h0, add(get(h0), mul(shiftRight(get(d4), 26n), number(5n)))),
    ...set(h4, and(get(d4), limb)),
    ...set(h1, add(get(h1), shiftRight(get(h0), 26n))),
    ...set(h0, and(get(h0), limb)),
  ]
}

/** Takes h modulo 2^130 - 5, without a branch, adds the second half of the key and stores the tag. */
function finish(): number[] {
  return [
    ...carry(h, h),
    ...carry(h, h),
    // d = h + 5 - 2^130: negative where h is smaller than the modulus.
    ...d.flatMap((to, at) => set(to, at === 0 ? add(get(h[0]), number(5n)) : get(h[at] ?? 0))),
    ...[0, 1, 2, 3].flatMap((at) => [
      ...set(d[at + 1] ?? 0, add(get(d[at + 1] ?? 0), shiftRight(get(d[at] ?? 0), 26n))),
      ...set(d[at] ?? 0, and(get(d[at] ?? 0), limb)),
    ]),
    ...set(d[4], [...get(d[4]), ...number(1n << 26n), 0x7d]),
    ...set(top, shiftRight(get(d[4]), 63n)),
    ...h.flatMap((to, at) => set(to, [...get(to), ...get(d[at] ?? 0), ...get(top), 0xa7, 0x1b])),
    ...set(low, or(or(get(h[0]), shiftLeft(get(h[1]), 26n)), shiftLeft(get(h[2]), 52n))),
    ...set(high, or(or(shiftRight(get(h[2]), 12n), shiftLeft(get(h[3]), 14n)), shiftLeft(get(h[4]), 40n))),
    ...set(low, add(get(low), load(zero, 16))),
    ...set(top, [...get(low), ...load(zero, 16), 0x54, 0xad]), // whether the lower half has run over
    ...set(high, add(add(get(high), load(zero, 24)), get(top))),
    ...store(get(low), 32),
    ...store(get(high), 40),
  ]
}

/** One limb of the number in low, high and top. */
function limbOf(at: number): Code {
  if (at === 0) return and(get(low), limb)
  if (at === 1) return and(shiftRight(get(low), 26n), limb)
  if (at === 2) return and(or(shiftRight(get(low), 52n), shiftLeft(get(high), 12n)), limb)
  if (at === 3) return and(shiftRight(get(high), 14n), limb)
  return or(shiftRight(get(high), 40n), get(top))
}

function number(value: bigint): Code {
  return [0x42, ...signed(value)]
}

function add(a: Code, b: Code): Code {
  return [...a, ...b, 0x7c]
}

function mul(a: Code, b: Code): Code {
  return [...a, ...b, 0x7e]
}

function and(a: Code, b: Code): Code {
  return [...a, ...b, 0x83]
}

function or(a: Code, b: Code): Code {
  return [...a, ...b, 0x84]
}

function shiftLeft(a: Code, by: bigint): Code {
  return [...a, ...number(by), 0x86]
}

function shiftRight(a: Code, by: bigint): Code {
  return [...a, ...number(by), 0x88]
}

function load(at: Code, offset: number): Code {
  return [...at, 0x29, 0, offset]
}

function store(value: Code, at: number): Code {
  return [...zero, ...value, 0x37, 0, at]
}
