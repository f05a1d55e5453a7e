import fs from 'node:fs'
import * as pool from './calls.ts'
import type { HostPath } from './calls.ts'
import type { Pace } from './pace.ts'

/** A result, or the promise of one. */
export type Soon<Result> = Result | Promise<Result>

/**
 * The system's calls that are quick where it answers from memory: names, modes, and a little data. Where they need not be waited
 * for they throw and give their results at once: a promise for each would take as long as some of the calls.
 */
export interface QuickCalls {
  readonly open: (path: HostPath, flags: number, mode?: number) => Soon<number>
  readonly close: (fd: number) => Soon<void>
  readonly fstat: (fd: number) => Soon<fs.Stats>
  readonly lstat: (path: HostPath) => Soon<fs.Stats>
  readonly lookFor: (path: HostPath) => Soon<fs.Stats | undefined>
  readonly unlink: (path: HostPath) => Soon<void>
  readonly mkdir: (path: HostPath) => Soon<void>
  readonly rmdir: (path: HostPath) => Soon<void>
  readonly rename: (from: HostPath, to: HostPath) => Soon<void>
  readonly fchmod: (fd: number, mode: number) => Soon<void>
  readonly futimes: (fd: number, accessed: Date, modified: Date) => Soon<void>
  readonly link: (from: HostPath, to: HostPath) => Soon<void>
  readonly read: (fd: number, into: Uint8Array, at: number) => Soon<number>
  readonly write: (fd: number, pieces: readonly Uint8Array[], at: number) => Soon<number>
}

/** All through the thread pool, as promises. */
export const pooledCalls: QuickCalls = pool

/** Waited for as long as the disk keeps the pace, and through the thread pool else. */
export function quickCalls(pace: Pace): QuickCalls {
  function either<Given extends unknown[], Result>(
    now: (...given: Given) => Result,
    later: (...given: Given) => Promise<Result>,
  ): (...given: Given) => Soon<Result> {
    return (...given) => {
      const begun = pace.begin()
      if (begun === undefined) return later(...given)
      try {
        return now(...given)
      } finally {
        pace.end(begun)
      }
    }
  }
  return {
    open: either(fs.openSync, pool.open),
    close: either(fs.closeSync, pool.close),
    fstat: either((fd) => fs.fstatSync(fd), pool.fstat),
    lstat: either((path) => fs.lstatSync(path), pool.lstat),
    lookFor: either((path) => fs.lstatSync(path, { throwIfNoEntry: false }), pool.lookFor),
    unlink: either(fs.unlinkSync, pool.unlink),
    mkdir: either((path) => {
      fs.mkdirSync(path)
    }, pool.mkdir),
    rmdir: either((path) => fs.rmdirSync(path), pool.rmdir),
    rename: either(fs.renameSync, pool.rename),
    fchmod: either(fs.fchmodSync, pool.fchmod),
    futimes: either(fs.futimesSync, pool.futimes),
    link: either(fs.linkSync, pool.link),
    read: either((fd, into, at) => fs.readSync(fd, into, 0, into.length, at), pool.read),
    write: either(fs.writevSync, pool.write),
  }
}
