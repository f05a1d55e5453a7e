import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { FileError } from '../../core/error.ts'
import { diskStore, type DiskStore } from '../../stores/disk.ts'
import { UsageError } from '../usage-error.ts'

/** Opens a folder that was named on the command line. */
export async function openFolder(directory: string): Promise<DiskStore> {
  try {
    if ((await stat(directory)).isDirectory()) return await diskStore(resolve(directory))
  } catch (thrown) {
    if (thrown instanceof FileError) throw new UsageError(`${directory} cannot be shared: ${thrown.message}.`)
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
    if (code === 'ENOENT')
      throw new UsageError(`there is no folder ${directory}. Make it first: mkdir ${directory}`)
    throw new UsageError(`the folder ${directory} cannot be opened: ${String(code ?? thrown)}.`)
  }
  throw new UsageError(`${directory} is not a folder.`)
}
