import { FileError } from './error.ts'
import type { OpenFile } from './store.ts'

/** Puts what was written to a file where no crash takes it; `unsupported` where that cannot be promised. */
export async function syncFile(file: OpenFile): Promise<void> {
  if (file.sync === undefined) throw new FileError('unsupported', 'this store cannot promise that')
  await file.sync()
}
