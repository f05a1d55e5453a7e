/**
 * Gives the memory of pieces back at once. Left to the garbage collector it would wander through tens of megabytes, each
 * read to memory that is not in the cache: measured, that takes three times the CPU and halves the speed of an upload.
 */
export function takeBack(pieces: readonly Uint8Array[]): void {
  for (const { buffer, byteLength } of pieces) {
    // Only what is the piece's own: Node cuts other buffers from a slab. Of replies there is little to give back.
    if (byteLength >= littlePiece && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength)
      buffer.transfer(0)
  }
}

/** To give back less than this takes longer than to leave it to the collector. */
const littlePiece = 4 * 1024
