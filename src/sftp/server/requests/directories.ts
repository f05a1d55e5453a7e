import { parsePath } from '../../../core/path.ts'
import { rowsIn, rowsOf, type Rows } from '../../../core/rows.ts'
import { namesHead, type Answer } from '../../wire/reply.ts'
import type { Asked } from '../../wire/request.ts'
import { DirectoryHandle } from '../directory-handle.ts'
import { endOfFile } from '../faults.ts'
import { listedNames } from '../listed-names.ts'
import type { Served, Visit } from '../visit.ts'

export async function opendir(visit: Visit, asked: Asked<'opendir'>): Promise<Answer> {
  visit.handles.mustHaveRoom()
  const path = parsePath(asked.path)
  const batches = rowsIn(visit.files, path)[Symbol.asyncIterator]()
  try {
    // Listing begins with the first batch: what is wrong with the directory must be told by OPENDIR.
    const first = await batches.next()
    const here = await visit.files.stat(path)
    // Every directory on POSIX holds these two, and `ls -a` shows them.
    const selves = rowsOf([
      { ...here, name: '.' },
      { ...here, name: '..' },
    ])
    const rows: Rows = (tell) => {
      selves(tell)
      if (first.done !== true) first.value(tell)
    }
    return { kind: 'handle', handle: visit.handles.add(new DirectoryHandle(rows, batches)) }
  } catch (thrown) {
    // It may be removed in between, and would be held for ever.
    await batches.return?.()
    throw thrown
  }
}

export async function readdir(visit: Visit, asked: Asked<'readdir'>): Promise<Served> {
  const directory = visit.handles.directory(asked.handle)
  const now = visit.clock.now()
  const names = await directory.next((rows) => listedNames(rows, now, visit.owners, visit.longestReply))
  if (names === undefined) return endOfFile
  return { kind: 'ready', message: (id) => [namesHead(id, names), names.bytes], release: () => undefined }
}
