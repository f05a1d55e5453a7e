import { FileError } from '../core/error.ts'
import { encodeText } from '../core/text.ts'

/** How many links one path may lead through; Linux' own limit. */
export const mostLinks = 40

/** The parts of a link's target. An absolute one is refused: seen from inside a store it means nothing. */
export function linkParts(target: string): string[] {
  if (target.startsWith('/')) throw leadsOutside()
  return target.split('/').filter((part) => part !== '' && part !== '.')
}

/**
 * Refuses to make a link that could not be followed later, or that another program would follow out of the store.
 * `depth` is the number of directories between the root and the link.
 */
export function checkTarget(target: string, depth: number): void {
  if (target === '') throw new FileError('invalid', 'a link needs a target')
  if (target.includes('\0')) throw new FileError('invalid', 'a link cannot hold NUL')
  if (encodeText(target).length > 4095) throw new FileError('invalid', "the link's target is too long")
  let level = depth
  for (const part of linkParts(target)) {
    level += part === '..' ? -1 : 1
    if (level < 0) throw leadsOutside()
  }
}

export function leadsOutside(): FileError {
  return new FileError('denied', 'the link leads outside')
}

export function tooManyLinks(): FileError {
  return new FileError('denied', 'the path leads through too many links')
}
