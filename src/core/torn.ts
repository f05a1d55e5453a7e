import { counted } from './counted.ts'
import { IncompleteError } from './error.ts'
import type { Entry } from './store.ts'

/**
 * Whether a file was written over between these two looks at it, so that what was read is neither its old state nor its new one.
 * What has only grown by then, as logs do, gave its old state.
 */
export function isTorn(before: Entry, after: Entry): boolean {
  return (
    before.kind === 'file' &&
    after.modified.getTime() !== before.modified.getTime() &&
    after.size <= before.size
  )
}

/** Whether a file became longer between these two looks at it: what was read is its old state if it was only appended to. */
export function hasGrown(before: Entry, after: Entry): boolean {
  return after.size > before.size && after.modified.getTime() !== before.modified.getTime()
}

/** What is told of a file that was torn. Whoever goes on behind what came would keep the mixture. */
export function tornError({ name, size }: Entry, arrived: number): IncompleteError {
  return anewError(`${name} was written to while it was read, so what came is a mixture`, arrived, size)
}

/** What is told of a file that is another one than when its first part came. */
export function changedError(name: string, arrived: number, size: number | undefined): IncompleteError {
  return anewError(`${name} has changed since its first ${counted(arrived, 'byte')} came`, arrived, size)
}

function anewError(message: string, arrived: number, size: number | undefined): IncompleteError {
  const hint = 'Begin again once nobody writes to it.'
  const facts = { phase: 'data', retryable: true, anew: true, connectionUsable: true, hint } as const
  return new IncompleteError(message, arrived, size, { facts })
}
