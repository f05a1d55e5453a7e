/** The same bytes in chunks of these sizes, over and over; what every decoder must read as it reads the whole. */
export function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = []
  let at = 0
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1)
    chunks.push(bytes.slice(at, at + size))
    at += size
  }
  return chunks
}
