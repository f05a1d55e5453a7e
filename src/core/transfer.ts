import { asError } from './error.ts'
import type { OpenFile } from './store.ts'

/**
 * Does something with an open file and ends it: `close` when the work is done, `abort` when it is not. This is
 * the only place that chooses. A `close` that rejects is followed by `abort`, or what it had reserved would leak.
 */
export async function transfer<Result>(
  file: OpenFile,
  work: (file: OpenFile) => Promise<Result>,
): Promise<Result> {
  try {
    const result = await work(file)
    await file.close()
    return result
  } catch (thrown) {
    await giveUp(file, asError(thrown))
    throw thrown
  }
}

/** Ends a file without its being complete, once there is an error to tell or nothing more is wanted of it. */
export async function giveUp(file: OpenFile, reason: Error): Promise<void> {
  try {
    await file.abort(reason)
  } catch {
    // The first error is the one to tell; a store that cannot even abort has nothing to add to it.
  }
}
