import { NetworkError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import type { Path } from '../../core/path.ts'
import { quickTransfer, quickWay } from './quick-transfer.ts'
import type { FtpSession } from './session.ts'
import { sizeOf } from './size-of.ts'

/** What is to be fetched, and where to. */
export interface WholeReading {
  readonly path: Path
  /** How long it is by a listing that has just come. */
  readonly size: number
  readonly into: Uint8Array
}

/** Fetches a small file. undefined: it did not come whole as such files mostly do, and is to be opened. */
export async function readWhole(
  session: FtpSession,
  { path, size, into }: WholeReading,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  const way = quickWay(session)
  if (way === undefined || size > into.length) return undefined
  let used = 0
  const move = async (conn: Conn): Promise<void> => {
    for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read()) {
      for (const piece of pieces) {
        if (used + piece.length > into.length) throw new NetworkError('failed', 'more comes than was told')
        into.set(piece, used)
        used += piece.length
      }
    }
    conn.destroy()
  }
  if (!(await quickTransfer(session, way, `RETR ${path}`, move, signal))) return undefined
  // Since the listing it may have become another one, and some listings round.
  return used === size || (await sizeOf(session, path)) === used ? used : undefined
}
