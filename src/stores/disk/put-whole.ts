import { constants, type Stats } from 'node:fs'
import { FileError } from '../../core/error.ts'
import type { Change } from '../../core/store.ts'
import type { Soon } from '../../core/soon.ts'
import { rename, type HostPath } from './calls.ts'
import { kindOf } from './entry.ts'
import { asFileError } from './faults.ts'
import { holdOld } from './hold-old.ts'
import type { QuickCalls } from './quick-calls.ts'

const anew = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL

/** The disk takes a while to forget the bytes of a larger file. */
const forgotQuickly = 1024 * 1024

/** Writes a file beside its name, gives it its mode and its time, and the name last. Of one that fails nothing stays. */
export async function putWhole(
  calls: QuickCalls,
  beside: HostPath,
  at: HostPath,
  content: Uint8Array,
  { mode, modified }: Pick<Change, 'mode' | 'modified'>,
): Promise<void> {
  const fd = await calls.open(beside, anew, 0o666)
  try {
    try {
      for (let done = 0; done < content.length;) {
        done += await calls.write(fd, [content.subarray(done)], done)
      }
      if (mode !== undefined) await asFarAsItCan(() => calls.fchmod(fd, mode))
      if (modified !== undefined) await asFarAsItCan(() => calls.futimes(fd, modified, modified))
    } finally {
      await calls.close(fd)
    }
    const replaced = await calls.lookFor(at)
    if (replaced !== undefined && kindOf(replaced.mode) === 'other')
      throw new FileError('denied', 'a device, a pipe or a socket stays what it is')
    await renameInPlaceOf(calls, beside, at, replaced)
  } catch (thrown) {
    await drop(calls, beside)
    throw thrown
  }
}

async function drop(calls: QuickCalls, at: HostPath): Promise<void> {
  try {
    await calls.unlink(at)
  } catch {
    // The first error is the one to tell.
  }
}

/** FAT has no modes, and some disks of the network let nobody set them: the file is whole without. */
async function asFarAsItCan(change: () => Soon<void>): Promise<void> {
  try {
    await change()
  } catch (thrown) {
    const error = asFileError(thrown)
    if (error instanceof FileError && (error.fault === 'denied' || error.fault === 'unsupported')) return
    throw thrown
  }
}

/** Gives a name that may be taken: what has it goes. */
export async function renameOver(calls: QuickCalls, from: HostPath, to: HostPath): Promise<void> {
  return renameInPlaceOf(calls, from, to, await calls.lookFor(to))
}

async function renameInPlaceOf(
  calls: QuickCalls,
  from: HostPath,
  to: HostPath,
  replaced: Stats | undefined,
): Promise<void> {
  if (replaced === undefined || replaced.size <= forgotQuickly) return calls.rename(from, to)
  const letGo = await holdOld(to, replaced)
  try {
    await rename(from, to)
  } finally {
    letGo?.()
  }
}
