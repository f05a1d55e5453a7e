import { parsePath, type Path } from '../../../core/path.ts'
import { writeExtendedAnswer, type Extended } from '../../wire/extension.ts'
import type { Answer } from '../../wire/reply.ts'
import type { Visit } from '../visit.ts'

/** Stores tell bytes and statvfs(2) tells blocks: of a size that divides all that disks come in. */
const blockSize = 4096

/** No store here counts the names it could still take: so many that nobody thinks there are none left. */
const uncounted = 0x7fff_ffff

export function statvfs(visit: Visit, asked: Extended<'statvfs@openssh.com'>): Promise<Answer> {
  return spaceAt(visit, parsePath(asked.path))
}

export function fstatvfs(visit: Visit, asked: Extended<'fstatvfs@openssh.com'>): Promise<Answer> {
  return spaceAt(visit, visit.handles.file(asked.handle).path)
}

async function spaceAt(visit: Visit, path: Path): Promise<Answer> {
  const { total, free } = await visit.files.space(path)
  const blocksFree = Math.floor(free / blockSize)
  const data = writeExtendedAnswer('statvfs', {
    blockSize,
    fragmentSize: blockSize,
    blocks: Math.floor(total / blockSize),
    blocksFree,
    blocksAvailable: blocksFree,
    files: uncounted,
    filesFree: uncounted,
    filesAvailable: uncounted,
    id: 0,
    flags: visit.session.account.readOnly ? 1 : 0,
    longestName: 255,
  })
  return { kind: 'extended', data }
}

/** draft-ietf-secsh-filexfer-extensions-00 §5. */
export async function spaceAvailable(visit: Visit, asked: Extended<'space-available'>): Promise<Answer> {
  const { total, free } = await visit.files.space(parsePath(asked.path))
  const data = writeExtendedAnswer('space', {
    total,
    free,
    totalForUser: total,
    freeForUser: free,
    bytesPerUnit: blockSize,
  })
  return { kind: 'extended', data }
}
