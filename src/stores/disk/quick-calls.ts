import fs from 'node:fs'
import * as pool from './calls.ts'
import type { HostPath } from './calls.ts'
import type { Pace } from './pace.ts'

/** The system's calls that are quick where it answers from memory: names, modes, and a little data. */
export interface QuickCalls {
  readonly open: (path: HostPath, flags: number, mode?: number) => Promise<number>
  readonly close: (fd: number) => Promise<void>
  readonly fstat: (fd: number) => Promise<fs.Stats>
  readonly lstat: (path: HostPath) => Promise<fs.Stats>
  readonly lookFor: (path: HostPath) => Promise<fs.Stats | undefined>
  readonly unlink: (path: HostPath) => Promise<void>
  readonly mkdir: (path: HostPath) => Promise<void>
  readonly rmdir: (path: HostPath) => Promise<void>
  readonly rename: (from: HostPath, to: HostPath) => Promise<void>
  readonly fchmod: (fd: number, mode: number) => Promise<void>
  readonly futimes: (fd: number, accessed: Date, modified: Date) => Promise<void>
  readonly link: (from: HostPath, to: HostPath) => Promise<void>
  readonly read: (fd: number, into: Uint8Array, at: number) => Promise<number>
  readonly write: (fd: number, pieces: readonly Uint8Array[], at: number) => Promise<number>
}

/** All through the thread pool, as promises. */
export const pooledCalls: QuickCalls = pool

/** Waited for as long as the disk keeps the pace, and through the thread pool else. */
export function quickCalls(pace: Pace): QuickCalls {
  function either<Given extends unknown[], Result>(
    now: (...given: Given) => Result,
    later: (...given: Given) => Promise<Result>,
  ): (...given: Given) => Promise<Result> {
    return (...given) => {
      if (!pace.quick) return later(...given)
      try {
        return Promise.resolve(pace.run(() => now(...given)))
      } catch (thrown) {
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors
        return Promise.reject(thrown)
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
