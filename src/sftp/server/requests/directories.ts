import { parsePath } from '../../../core/path.ts'
import type { Entry } from '../../../core/store.ts'
import { formatLine } from '../../../wire/ls-line.ts'
import type { Name } from '../../wire/names.ts'
import type { Answer } from '../../wire/reply.ts'
import type { Asked } from '../../wire/request.ts'
import { attributesOf } from '../attributes-of.ts'
import { DirectoryHandle } from '../directory-handle.ts'
import { endOfFile } from '../faults.ts'
import type { Visit } from '../visit.ts'

export async function opendir(visit: Visit, asked: Asked<'opendir'>): Promise<Answer> {
  visit.handles.mustHaveRoom()
  const path = parsePath(asked.path)
  const batches = visit.files.list(path)[Symbol.asyncIterator]()
  try {
    // Listing begins with the first batch: what is wrong with the directory must be told by OPENDIR.
    const first = await batches.next()
    const here = await visit.files.stat(path)
    // Every directory on POSIX holds these two, and `ls -a` shows them.
    const entries: Entry[] = [
      { ...here, name: '.' },
      { ...here, name: '..' },
      ...(first.done === true ? [] : first.value),
    ]
    return { kind: 'handle', handle: visit.handles.add(new DirectoryHandle(entries, batches)) }
  } catch (thrown) {
    // It may be removed in between, and would be held for ever.
    await batches.return?.()
    throw thrown
  }
}

export async function readdir(visit: Visit, asked: Asked<'readdir'>): Promise<Answer> {
  const directory = visit.handles.directory(asked.handle)
  const now = visit.clock.now()
  const names: Name[] = []
  let room = visit.longestReply - 64
  const any = await directory.take((entry) => {
    const name = nameOf(visit, entry, now)
    room -= mostBytes(name.name) + mostBytes(name.longname) + besideNames
    if (room < 0 && names.length > 0) return false
    names.push(name)
    return true
  })
  return any ? { kind: 'name', names } : endOfFile
}

/** The two lengths and the attributes of a name. */
const besideNames = 48

/** How many bytes a text is at most: three for each UTF-16 unit, unless all are plain. */
function mostBytes(text: string): number {
  return /^[ -~]*$/u.test(text) ? text.length : 3 * text.length
}

function nameOf(visit: Visit, entry: Entry, now: number): Name {
  const { target: _, ...plain } = entry
  return {
    name: entry.name,
    // Where a link leads is for READLINK to say: clients take all behind the date for the name.
    longname: formatLine(plain, now),
    attributes: attributesOf(entry, visit.owners),
  }
}
