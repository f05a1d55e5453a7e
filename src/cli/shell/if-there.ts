import { FileError } from '../../core/error.ts'
import { codeOf } from '../../stores/disk/faults.ts'

/** What was asked for; undefined where it is missing, over there or here. All other trouble is told. */
export async function ifThere<Result>(asked: Promise<Result>): Promise<Result | undefined> {
  try {
    return await asked
  } catch (thrown) {
    const code = codeOf(thrown)
    const missing =
      thrown instanceof FileError ? thrown.fault === 'not-found' : code === 'ENOENT' || code === 'ENOTDIR'
    if (missing) return undefined
    throw thrown
  }
}
