import { FileError } from '../core/error.ts'
import type { Opening } from '../core/store.ts'

/** Refuses an opening that contradicts itself, before anything is touched. */
export function checkOpening(how: Opening): void {
  const from = how.from ?? 0
  if (!how.read && !how.write) throw new FileError('invalid', 'a file is opened to read or to write')
  if (how.truncate && !how.write) throw new FileError('invalid', 'only a writer can cut a file short')
  if (!isPosition(from)) throw new FileError('invalid', 'not a position in a file')
  if (how.create === 'require' && from > 0) throw endsBefore()
}

/** Whether a number can be a place in a file, or its size. */
export function isPosition(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

export function endsBefore(): FileError {
  return new FileError('invalid', 'the file ends before that position')
}

export function fileIsClosed(): FileError {
  return new FileError('invalid', 'the file is closed')
}
