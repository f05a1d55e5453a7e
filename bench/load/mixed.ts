import type { Session } from './session.ts'
import type { MixedDeed } from './task.ts'
import { download, list, upload } from './transfer.ts'

const little = 1024

/** What many clients do at once. Every turn of every session is one operation. */
export async function mixed(sessions: readonly Session[], deed: MixedDeed): Promise<void> {
  await Promise.all(
    sessions.map(async (session, index) => {
      const own = `${deed.folder}/mixed-${index}.dat`
      for (let turn = 0; turn < deed.turns; turn += 1) await operate(session, index % 4, own, deed)
    }),
  )
}

async function operate(session: Session, kind: number, own: string, deed: MixedDeed): Promise<void> {
  if (kind === 0) return download(session, deed.file, deed.bytes)
  if (kind === 1) return list(session, 'LIST', deed.list, deed.entries)
  await upload(session, own, kind === 2 ? deed.bytes : little)
  if (kind === 3) await download(session, own, little)
  await session.must(`DELE ${own}`)
}
