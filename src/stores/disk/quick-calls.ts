import fs from 'node:fs'
import type { Soon } from '../../core/soon.ts'
import * as pool from './calls.ts'
import type { HostPath } from './calls.ts'
import { inTurn } from './far-calls.ts'
import type { Pace } from './pace.ts'

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
  /** The names in a directory, each byte as one character. */
  readonly readdir: (path: HostPath) => Soon<string[]>
  readonly unlink: (path: HostPath) => Soon<void>
  readonly mkdir: (path: HostPath) => Soon<void>
  readonly rmdir: (path: HostPath) => Soon<void>
  readonly rename: (from: HostPath, to: HostPath) => Soon<void>
  readonly readlink: (path: HostPath) => Soon<Buffer>
  readonly chmod: (path: HostPath, mode: number) => Soon<void>
  readonly utimes: (path: HostPath, accessed: Date, modified: Date) => Soon<void>
  readonly fchmod: (fd: number, mode: number) => Soon<void>
  readonly futimes: (fd: number, accessed: Date, modified: Date) => Soon<void>
  readonly link: (from: HostPath, to: HostPath) => Soon<void>
  readonly read: (fd: number, into: Uint8Array, at: number) => Soon<number>
  /** As little of a large file, which may have to come from the disk. */
  readonly readPiece: (fd: number, into: Uint8Array, at: number) => Soon<number>
  /** The same of much more. */
  readonly readMuch: (fd: number, into: Uint8Array, at: number) => Soon<number>
  readonly write: (fd: number, pieces: readonly Uint8Array[], at: number) => Soon<number>
  /** The same of much more: while the disk's cache takes it, it costs less here than the way to another thread. */
  readonly writeMuch: (fd: number, pieces: readonly Uint8Array[], at: number) => Soon<number>
  /** The same of much for who has more to do in this thread: never waited for. */
  readonly writeApart: (fd: number, pieces: readonly Uint8Array[], at: number) => Promise<number>
}

/** All through the thread pool, as promises. */
export const pooledCalls: QuickCalls = {
  ...pool,
  readPiece: pool.read,
  readMuch: pool.read,
  writeMuch: pool.write,
  writeApart: pool.write,
}

/** Where much is read: a thread of the pool reads while this one writes to a socket; at once costs less CPU. */
export type LargeReads = 'pooled' | 'at-once'

/**
 * Waited for as long as the disk keeps the pace, and through the thread pool else. `much` is the pace of large reads and writes:
 * a disk that makes them wait still answers quickly what names mean.
 */
export function quickCalls(pace: Pace, much: Pace, largeReads: LargeReads = 'pooled'): QuickCalls {
  const names = either(pace)
  const readPiece = either(much)(readNow, pool.read)
  return {
    open: names(fs.openSync, pool.open),
    close: names(fs.closeSync, pool.close),
    fstat: names((fd) => fs.fstatSync(fd), pool.fstat),
    lstat: names((path) => fs.lstatSync(path), pool.lstat),
    lookFor: names((path) => fs.lstatSync(path, { throwIfNoEntry: false }), pool.lookFor),
    readdir: names((path) => fs.readdirSync(path, 'latin1'), pool.readdir),
    unlink: names(fs.unlinkSync, pool.unlink),
    mkdir: names((path) => {
      fs.mkdirSync(path)
    }, pool.mkdir),
    rmdir: names((path) => fs.rmdirSync(path), pool.rmdir),
    rename: names(fs.renameSync, pool.rename),
    readlink: names((path) => fs.readlinkSync(path, 'buffer'), pool.readlink),
    chmod: names(fs.chmodSync, pool.chmod),
    utimes: names(fs.utimesSync, pool.utimes),
    fchmod: names(fs.fchmodSync, pool.fchmod),
    futimes: names(fs.futimesSync, pool.futimes),
    link: names(fs.linkSync, pool.link),
    read: names(readNow, pool.read),
    readPiece,
    readMuch: largeReads === 'at-once' ? readPiece : inPool(much)(pool.read),
    write: names(fs.writevSync, pool.write),
    writeMuch: either(much)(fs.writevSync, pool.write),
    writeApart: inPool(much)(pool.write),
  }
}

function readNow(fd: number, into: Uint8Array, at: number): number {
  return fs.readSync(fd, into, 0, into.length, at)
}

/** Makes a call of two: one that is waited for while the pace is kept, and one through the thread pool. */
function either(pace: Pace) {
  return <Given extends unknown[], Result>(
    now: (...given: Given) => Result,
    later: (...given: Given) => Promise<Result>,
  ): ((...given: Given) => Soon<Result>) =>
    (...given) => {
      const begun = pace.begin()
      if (begun === undefined) return pooled(pace, later, given)
      try {
        return now(...given)
      } finally {
        pace.end(begun)
      }
    }
}

/** Makes a call that always goes through the thread pool. */
function inPool(pace: Pace) {
  return <Given extends unknown[], Result>(
    call: (...given: Given) => Promise<Result>,
  ): ((...given: Given) => Promise<Result>) =>
    (...given) => {
      pace.freshen()
      return pooled(pace, call, given)
    }
}

function pooled<Given extends unknown[], Result>(
  pace: Pace,
  call: (...given: Given) => Promise<Result>,
  given: Given,
): Promise<Result> {
  if (pace.isFar === undefined) return pace.look().then(() => pooled(pace, call, given))
  return pace.isFar ? inTurn(() => call(...given)) : call(...given)
}
