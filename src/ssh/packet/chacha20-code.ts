import { get, set, signed, wasmTypes, type Code, type WasmParts } from './wasm.ts'

/**
 * The WebAssembly behind chacha20.ts: `run(blocks)`. The first 64 bytes of its memory are the state, with a counter of nothing in it;
 * behind them lies what the stream is laid over, from its first block on.
 */
export function chacha20Code(pages: number): WasmParts {
  return { parameters: 1, locals: [{ count: 19, type: wasmTypes.i32 }], body: eachBlock(), pages }
}

// Locals: how many blocks are left, where the next one lies, its number, how many pairs of rounds are left; then the state.
const blocks = 0
const place = 1
const counter = 2
const rounds = 3
const state = Array.from({ length: 16 }, (_, at) => 4 + at)
const counted = 12

const zero = number(0)

function eachBlock(): Code {
  return [
    ...open,
    ...get(blocks),
    0x45,
    ...leaveIf, // none left
    ...state.flatMap((to, at) => set(to, at === counted ? get(counter) : load(zero, 4 * at))),
    ...set(rounds, number(10)),
    ...open,
    ...columns.flatMap(quarter),
    ...diagonals.flatMap(quarter),
    ...set(rounds, subtract(get(rounds), number(1))),
    ...get(rounds),
    0x45,
    ...leaveIf,
    ...again,
    ...state.flatMap((_, at) => layOver(at)),
    ...set(place, add(get(place), number(64))),
    ...set(counter, add(get(counter), number(1))),
    ...set(blocks, subtract(get(blocks), number(1))),
    ...again,
  ]
}

type Four = readonly [number, number, number, number]

const columns: readonly Four[] = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
]
const diagonals: readonly Four[] = [
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
]

/** RFC 8439 §2.1. */
function quarter([a, b, c, d]: Four): Code {
  return [...mix(a, b, d, 16), ...mix(c, d, b, 12), ...mix(a, b, d, 8), ...mix(c, d, b, 7)]
}

/** x += y; z = (z ^ x) <<< by */
function mix(x: number, y: number, z: number, by: number): Code {
  const [sum = 0, more = 0, turned = 0] = [state[x], state[y], state[z]]
  return [
    ...set(sum, add(get(sum), get(more))),
    ...set(turned, [...get(turned), ...get(sum), 0x73, ...number(by), 0x77]),
  ]
}

/** A word of the stream, over one of the message: the sum of what the state was and what it has become. */
function layOver(at: number): Code {
  const before = at === counted ? get(counter) : load(zero, 4 * at)
  const word = add(get(state[at] ?? 0), before)
  const behindState = 64 + 4 * at
  return [...get(place), ...load(get(place), behindState), ...word, 0x73, 0x36, 2, behindState]
}

/** A block with a loop in it. */
const open: Code = [0x02, 0x40, 0x03, 0x40]
const leaveIf: Code = [0x0d, 1]
/** To the beginning of the loop; its end, and that of the block. */
const again: Code = [0x0c, 0, 0x0b, 0x0b]

function number(value: number): Code {
  return [0x41, ...signed(BigInt(value))]
}

function add(a: Code, b: Code): Code {
  return [...a, ...b, 0x6a]
}

function subtract(a: Code, b: Code): Code {
  return [...a, ...b, 0x6b]
}

function load(at: Code, offset: number): Code {
  return [...at, 0x28, 2, offset]
}
