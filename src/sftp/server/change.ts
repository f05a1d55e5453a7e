import { FileError } from '../../core/error.ts'
import type { Path } from '../../core/path.ts'
import type { Change } from '../../core/store.ts'
import type { Attributes } from '../wire/attributes.ts'
import type { Visit } from './visit.ts'

/** Changes what SETSTAT asks for: the size first, and the times last, since a new size changes them. */
export async function changeTo(visit: Visit, path: Path, attributes: Attributes): Promise<void> {
  const { size } = attributes
  if (size !== undefined) {
    if (!Number.isSafeInteger(size)) throw new FileError('invalid', 'no file is that long')
    await visit.files.change(path, { size })
    visit.handles.resized(path, size)
  }
  for (const change of partsOf(visit, attributes)) await changePart(visit, path, change)
}

async function changePart(visit: Visit, path: Path, change: Change): Promise<void> {
  try {
    await visit.files.change(path, change)
  } catch (thrown) {
    if (!(visit.settings.setstat === 'ignored' && isRefusal(thrown))) throw thrown
  }
}

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof FileError && (thrown.fault === 'unsupported' || thrown.fault === 'denied')
}

function partsOf(visit: Visit, { owner, mode, times }: Attributes): Change[] {
  const parts: Change[] = []
  if (owner !== undefined) {
    parts.push({ owner: visit.owners.ownerOf(owner.user), group: visit.owners.ownerOf(owner.group) })
  }
  if (mode !== undefined) parts.push({ mode: mode & 0o7777 })
  if (times !== undefined) parts.push({ modified: new Date(times.modified * 1000) })
  return parts
}
