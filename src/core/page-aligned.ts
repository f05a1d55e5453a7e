/**
 * Memory that begins where a page of the machine begins, and is all zeros. What `new Uint8Array` gives begins 16 bytes
 * behind that where it is large, as malloc keeps notes of its own there. A copy to a place that lies 1–31 bytes further
 * into its page than what is copied takes four times as long on AMD's Zen processors (glibc bug 30994), and a cached file
 * begins at a page: 1.9 GB/s into such memory, 8 GB/s into this. WebAssembly's memory is the one that JavaScript can ask
 * for at a page; where it gives none (`--jitless`, a limit of address space), other memory does. Each reserves 10 GiB of
 * addresses, so it is not for small blocks.
 */
export function pageAligned(size: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(new WebAssembly.Memory({ initial: Math.ceil(size / wasmPage) }).buffer, 0, size)
  } catch {
    return new Uint8Array(size)
  }
}

const wasmPage = 64 * 1024

/** Node has it, and its types come with those of a browser only. */
declare const WebAssembly: {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer }
}
