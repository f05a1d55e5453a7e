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
