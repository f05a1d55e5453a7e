import { fstatSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { asFileError, onDisk } from '../../stores/disk/faults.ts'
import { transfer } from '../../core/transfer.ts'
import { pump } from '../../client/pump.ts'
import { isRemote, under } from '../../client/end.ts'
import { formatBytes } from '../format-bytes.ts'
import type { Bringing, Errand } from './bring.ts'
import { onlyWritten } from './standard-output.ts'

/**
 * Writes what goes to devices and pipes of this machine, and gives the others back. `pathOf` is which path of this machine
 * the words for a target mean.
 */
export async function besideSpecial(
  bringing: Bringing,
  errands: readonly Errand[],
  pathOf: (words: string) => string = (words) => words,
): Promise<Errand[]> {
  const others: Errand[] = []
  for (const errand of errands) {
    const isHere = !isRemote(errand.to.store) && errand.thing.entry.kind === 'file'
    const path = pathOf(errand.words)
    if (isHere && (await isSpecial(path))) await writeSpecial(bringing, errand, path)
    else others.push(errand)
  }
  return others
}

/** Whether a path of this machine leads to a device, a pipe or a socket: nothing may take its place. */
async function isSpecial(path: string): Promise<boolean> {
  try {
    const stats = await stat(path)
    return !stats.isFile() && !stats.isDirectory()
  } catch {
    return false // What is not there is made.
  }
}

/** Writes to a device or a pipe as the bytes come, as shells do: `-o /dev/null`. */
async function writeSpecial(bringing: Bringing, { thing, words }: Errand, path: string): Promise<void> {
  const { store, path: from } = under(thing.place, bringing.signal)
  const { pace, signal } = bringing
  const file = await store.open(from, { read: true })
  const size = await transfer(file, async () => {
    const handle = await onDisk(() => open(path, 'w'))
    try {
      const to = {
        stat: onlyWritten,
        read: onlyWritten,
        write: (pieces: readonly Uint8Array[]) => written(handle, pieces),
        close: async () => undefined,
        abort: async () => undefined,
      }
      return await pump(file, to, { from: 0, pace, signal })
    } finally {
      await handle.close()
    }
  })
  if (await isOurOutput(path)) return
  await bringing.out.did(`${thing.place.words} -> ${words}  ${formatBytes(size)}`, {
    copied: thing.place.words,
    to: words,
    size,
  })
}

/** What goes to /dev/stdout is the file alone: who reads it wants no line of ours behind. */
async function isOurOutput(path: string): Promise<boolean> {
  const [there, ours] = [await onDisk(() => stat(path)), fstatSync(1)]
  return there.dev === ours.dev && there.ino === ours.ino
}

async function written(
  handle: Awaited<ReturnType<typeof open>>,
  pieces: readonly Uint8Array[],
): Promise<void> {
  try {
    for (const piece of pieces) await handle.writeFile(piece)
  } catch (thrown) {
    throw asFileError(thrown)
  }
}
