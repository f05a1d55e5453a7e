import type { Conn } from '../../core/network.ts'
import type { Path } from '../../core/path.ts'
import type { WrittenWhole } from '../../core/remote.ts'
import type { Change } from '../../core/store.ts'
import { quickTransfer, quickWay } from './quick-transfer.ts'
import type { FtpSession } from './session.ts'
import { areSettled, settingLines } from './settings.ts'
import { sizeIn, sizeLine } from './size-of.ts'

/** What is to be sent, and what it is to have there. */
export interface WholeWriting {
  readonly path: Path
  readonly content: Uint8Array
  readonly keeps: Change
}

/** Sends a small file. undefined: nobody knows what is there, and it is to be opened and sent again. */
export async function writeWhole(
  session: FtpSession,
  { path, content, keeps }: WholeWriting,
  signal: AbortSignal | undefined,
): Promise<WrittenWhole | undefined> {
  const way = quickWay(session)
  if (way === undefined || !session.can('SIZE')) return undefined
  const move = (conn: Conn, moved: () => void, failed: () => void): void => {
    conn
      .write(content)
      .then(() => conn.end())
      .then(moved, failed)
  }
  const settings = settingLines(session, path, keeps)
  const asked = [sizeLine(path), ...settings]
  const [sized, ...set] =
    (await quickTransfer(session, { way, line: `STOR ${path}`, asked, move }, signal)) ?? []
  if (sized === undefined || sizeIn(sized) !== content.length) return undefined
  return { completeness: 'proven', kept: areSettled(path, settings, set) }
}
