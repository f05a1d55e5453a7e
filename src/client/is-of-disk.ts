import { FileError, type Fault } from '../core/error.ts'

/** Whether a place of this machine is what is wrong. A store names no path, as a peer may read what it says; what a server said has its facts. */
export function isOfDisk(thrown: unknown): thrown is FileError {
  return thrown instanceof FileError && diskFaults.has(thrown.fault) && Object.keys(thrown.facts).length === 0
}

const diskFaults: ReadonlySet<Fault> = new Set<Fault>([
  'not-found',
  'exists',
  'denied',
  'quota',
  'full',
  'busy',
  'is-directory',
  'not-directory',
])
