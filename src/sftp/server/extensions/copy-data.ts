import { asError, FileError } from '../../../core/error.ts'
import type { Extended } from '../../wire/extension.ts'
import type { Answer } from '../../wire/reply.ts'
import { endOfFile, ok } from '../faults.ts'
import type { FileHandle } from '../file-handle.ts'
import type { Visit } from '../visit.ts'

/** Copies between two open files without the bytes going over the network (draft-ietf-secsh-filexfer-extensions-00 §7). */
export async function copyData(visit: Visit, asked: Extended<'copy-data'>): Promise<Answer> {
  const from = visit.handles.file(asked.from)
  const to = visit.handles.file(asked.to)
  to.mustWrite()
  const { size, id } = await from.stat()
  // A file copied behind itself never ends. What is new under its own name is another file until it is whole.
  if (from.path === to.path && (id === undefined || id === (await to.stat()).id))
    throw new FileError('invalid', 'a file cannot be copied into itself')
  try {
    const copied = await copy(visit, { from, to, asked, size })
    // As OpenSSH does: what there was is copied, and who asked for more hears of it.
    return copied < asked.length ? endOfFile : ok
  } catch (thrown) {
    // Clients close both whatever they are told: what is not all here must not take the place of what was.
    to.fail(asError(thrown))
    throw thrown
  }
}

interface Copying {
  readonly from: FileHandle
  readonly to: FileHandle
  readonly asked: Extended<'copy-data'>
  /** How long the source was before: of a file that has two names, what grows meanwhile is not followed. */
  readonly size: number
}

/** Returns how many bytes there were to copy. */
async function copy(visit: Visit, { from, to, asked, size }: Copying): Promise<number> {
  const block = visit.blocks.take(256 * 1024)
  try {
    let at = asked.offset
    let target = asked.at
    const end = asked.length === 0 ? size : Math.min(size, at + asked.length)
    while (at < end) {
      visit.signal.throwIfAborted()
      visit.stir()
      const count = await from.read(block.bytes.subarray(0, Math.min(block.bytes.length, end - at)), at)
      if (count === 0) break
      await to.write(block.bytes.subarray(0, count), target)
      at += count
      target += count
    }
    return target - asked.at
  } finally {
    block.release()
  }
}
