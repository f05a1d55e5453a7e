import { readFile } from 'node:fs/promises'
import { asError } from '../core/error.ts'
import { UsageError } from './usage-error.ts'

/** The text of a file that was named on the command line. */
export async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (thrown) {
    throw new UsageError(`${file} cannot be read: ${asError(thrown).message}.`)
  }
}
