/**
 * Memory that begins where a page of the machine begins, and is all zeros. What `new Uint8Array` gives begins 16 bytes
 * behind that where it is large, as malloc keeps notes of its own there. A copy to a place that lies 1–31 bytes further
 * into its page than what is copied takes four times as long on AMD's Zen processors (glibc bug 30994), and a cached file
 * begins at a page: 1.9 GB/s into such memory, 8 GB/s into this. WebAssembly's memory is the one that JavaScript can ask
 * for at a page; where it gives none (`--jitless`, a limit of address space), other memory does.
 */
export function pageAligned(size: number): Uint8Array<ArrayBuffer> {
  const pages = Math.ceil(size / wasmPage)
  if (pages > sheetPages / 4) return memoryOf(pages, size)
  if (sheet === undefined || cut + pages > sheetPages) {
    sheet = memoryOf(sheetPages, sheetPages * wasmPage).buffer
    cut = 0
  }
  const from = cut * wasmPage
  cut += pages
  return new Uint8Array(sheet, from, size)
}

const wasmPage = 64 * 1024

/** Each memory reserves 10 GiB of addresses, whatever its size: so several blocks are cut from one. */
const sheetPages = 128
let sheet: ArrayBuffer | undefined
let cut = 0

function memoryOf(pages: number, size: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(new WebAssembly.Memory({ initial: pages }).buffer, 0, size)
  } catch {
    return new Uint8Array(size)
  }
}

/** Node has it, and its types come with those of a browser only. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer }
}
