/** Code of WebAssembly, or a piece of it, byte by byte: so nothing compiled lies in the tree. */
export type Code = readonly number[]

/** A function of WebAssembly, and the memory that it works on. */
export interface Wasm {
  readonly run: (...given: number[]) => void
  readonly memory: Uint8Array
}

export interface WasmParts {
  /** The function's parameters, all of them numbers of 32 bits. */
  readonly parameters: number
  /** Its other locals, so many of each type behind one another. */
  readonly locals: readonly { readonly count: number; readonly type: number }[]
  readonly body: Code
  /** How large the memory is, which never grows. */
  readonly pages: number
}

/** The types of locals. */
export const wasmTypes = { i32: 0x7f, i64: 0x7e } as const

/** Makes a module of one function, and starts it. */
export function startWasm({ parameters, locals, body, pages }: WasmParts): Wasm {
  const types = Array.from({ length: parameters }, () => wasmTypes.i32)
  const places = locals.flatMap(({ count, type }) => [count, type])
  const code = [
    ...section(1, [1, 0x60, parameters, ...types, 0]), // one type: it takes these and gives nothing
    ...section(3, [1, 0]), // one function of it
    ...section(5, [1, 1, pages, pages]), // one memory
    ...section(7, [2, ...named('run'), 0, 0, ...named('memory'), 2, 0]),
    ...section(10, [1, ...sized([locals.length, ...places, ...body, 0x0b])]),
  ]
  const bytes = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...code])
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes))
  const { run, memory } = instance.exports as Exports
  return { run, memory: new Uint8Array(memory.buffer) }
}

export function get(local: number): Code {
  return [0x20, local]
}

export function set(local: number, value: Code): Code {
  return [...value, 0x21, local]
}

/** A number as it stands in code (LEB128). */
export function signed(value: bigint): Code {
  const seven = Number(value & 0x7fn)
  const rest = value >> 7n
  const ends = (rest === 0n && seven < 0x40) || (rest === -1n && seven >= 0x40)
  return ends ? [seven] : [seven | 0x80, ...signed(rest)]
}

interface Exports {
  readonly run: Wasm['run']
  readonly memory: { readonly buffer: ArrayBuffer }
}

/** Node has it, and its types come with those of a browser only. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

function section(id: number, content: Code): Code {
  return [id, ...sized(content)]
}

function sized(content: Code): Code {
  return [...unsigned(content.length), ...content]
}

function named(name: string): Code {
  return sized([...Buffer.from(name)])
}

function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}
