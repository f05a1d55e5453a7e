import type { Conn } from '../../../core/network.ts'
import type { Path } from '../../../core/path.ts'
import { QuickTransfer, quickWay } from './quick-transfer.ts'
import type { FtpSession } from '../session/session.ts'
import { sizeOf } from '../listing/size-of.ts'

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
  const move = (conn: Conn, moved: () => void, failed: () => void): void => {
    const take = (pieces: readonly Uint8Array[] | undefined): void => {
      if (pieces === undefined) {
        conn.destroy()
        return moved()
      }
      for (const piece of pieces) {
        // More comes than was told.
        if (used + piece.length > into.length) return failed()
        into.set(piece, used)
        used += piece.length
      }
      next()
    }
    const next = (): void => void conn.read().then(take, failed)
    next()
  }
  const transfer = new QuickTransfer(session, { way, line: `RETR ${path}`, asked: [], move }, signal)
  if ((await transfer.begin().done) === undefined) return undefined
  // Since the listing it may have become another one, and some listings round.
  return used === size || (await sizeOf(session, path)) === used ? used : undefined
}
