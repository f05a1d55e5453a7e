import type { Conn } from '../../../core/network.ts'
import type { Path } from '../../../core/path.ts'
import type { WrittenWhole } from '../../../core/remote.ts'
import type { Change } from '../../../core/store.ts'
import { QuickTransfer, type Following } from './quick-transfer.ts'
import type { FtpSession } from '../session/session.ts'
import { areSettled, settingLines } from '../settings.ts'
import { sizeIn, sizeLine } from '../listing/size-of.ts'

/** What is to be sent, and what it is to have there. */
export interface WholeWriting {
  readonly path: Path
  readonly content: Uint8Array
  readonly keeps: Change
}

/** A small file on its way. `written` undefined: nobody knows what is there, and it is to be opened and sent again. */
export interface Writing {
  readonly transfer: QuickTransfer
  readonly written: Promise<WrittenWhole | undefined>
}

/** Makes ready to send a small file by this way. */
export function writeWhole(
  session: FtpSession,
  way: 'EPSV' | 'PASV',
  { path, content, keeps }: WholeWriting,
  signal: AbortSignal | undefined,
  follows: Following,
): Writing {
  const move = (conn: Conn, moved: () => void, failed: () => void): void => {
    conn
      .write(content)
      .then(() => conn.end())
      .then(moved, failed)
  }
  const settings = settingLines(session, path, keeps)
  const asked = [sizeLine(path), ...settings]
  const transfer = new QuickTransfer(session, { way, line: `STOR ${path}`, asked, move }, signal, follows)
  const written = transfer.done.then((answers): WrittenWhole | undefined => {
    const [sized, ...set] = answers ?? []
    if (sized === undefined || sizeIn(sized) !== content.length) return undefined
    return { completeness: 'proven', kept: areSettled(path, settings, set) }
  })
  return { transfer, written }
}
