import type { OpenFile } from '../../core/store.ts'
import type { Incoming } from './incoming.ts'

/**
 * Writes what comes into a file from a place on, all that has arrived in one go. Returns how many bytes came. The
 * connection reads ahead by itself, so the next pieces gather while these are written.
 */
export async function receiveFile(
  file: OpenFile,
  from: number,
  incoming: Incoming,
  moved: (bytes: number) => void,
): Promise<number> {
  let at = from
  for (let pieces = await incoming.read(); pieces !== undefined; pieces = await incoming.read()) {
    let bytes = 0
    for (const piece of pieces) bytes += piece.length
    if (bytes === 0) continue
    await file.write(pieces, at)
    at += bytes
    moved(bytes)
  }
  return at - from
}
