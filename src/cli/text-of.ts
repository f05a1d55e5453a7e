import { readFile } from 'node:fs/promises'
import { decodeText } from '../core/text.ts'
import { asFileError } from '../stores/disk/faults.ts'
import { UsageError } from './usage-error.ts'

/** The text of a file that was named on the command line. */
export async function textOf(file: string): Promise<string> {
  try {
    return decodeText(await readFile(file))
  } catch (thrown) {
    throw new UsageError(`${file} cannot be read: ${asFileError(thrown).message}.`)
  }
}
