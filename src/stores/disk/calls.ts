import fs from 'node:fs'
import { codeOf } from './faults.ts'

/** A path for the system: bytes where a name is not UTF-8. */
export type HostPath = string | Buffer

/*
 * The system's calls as promises, wrapped by hand because `fs.promises` costs twice as much for each. None of them
 * follows a link at the end of a path, but for those that say so.
 */

/** Opens; the flags say whether a link is followed. */
export function open(path: HostPath, flags: number, mode?: number): Promise<number> {
  return new Promise((resolve, reject) => fs.open(path, flags, mode, answer(resolve, reject)))
}

export function close(fd: number): Promise<void> {
  return new Promise((resolve, reject) => fs.close(fd, answer(resolve, reject)))
}

export function fstat(fd: number): Promise<fs.Stats> {
  return new Promise((resolve, reject) => fs.fstat(fd, answer(resolve, reject)))
}

export function ftruncate(fd: number, size: number): Promise<void> {
  return new Promise((resolve, reject) => fs.ftruncate(fd, size, answer(resolve, reject)))
}

export function fsync(fd: number): Promise<void> {
  return new Promise((resolve, reject) => fs.fsync(fd, answer(resolve, reject)))
}

export function fchmod(fd: number, mode: number): Promise<void> {
  return new Promise((resolve, reject) => fs.fchmod(fd, mode, answer(resolve, reject)))
}

export function fchown(fd: number, user: number, group: number): Promise<void> {
  return new Promise((resolve, reject) => fs.fchown(fd, user, group, answer(resolve, reject)))
}

export function futimes(fd: number, accessed: Date, modified: Date): Promise<void> {
  return new Promise((resolve, reject) => fs.futimes(fd, accessed, modified, answer(resolve, reject)))
}

export function lstat(path: HostPath): Promise<fs.Stats> {
  return new Promise((resolve, reject) => fs.lstat(path, answer(resolve, reject)))
}

/** Undefined where nothing is: mostly that is no error, and making one costs more than the look. */
export async function lookFor(path: HostPath): Promise<fs.Stats | undefined> {
  try {
    return await lstat(path)
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined
    throw thrown
  }
}

export function readlink(path: HostPath): Promise<Buffer> {
  return new Promise((resolve, reject) => fs.readlink(path, 'buffer', answer(resolve, reject)))
}

/** The names in a directory, each byte as one character. */
export function readdir(path: HostPath): Promise<string[]> {
  return new Promise((resolve, reject) => fs.readdir(path, 'latin1', answer(resolve, reject)))
}

export function unlink(path: HostPath): Promise<void> {
  return new Promise((resolve, reject) => fs.unlink(path, answer(resolve, reject)))
}

export function mkdir(path: HostPath): Promise<void> {
  return new Promise((resolve, reject) => fs.mkdir(path, answer(resolve, reject)))
}

export function rmdir(path: HostPath): Promise<void> {
  return new Promise((resolve, reject) => fs.rmdir(path, answer(resolve, reject)))
}

export function rename(from: HostPath, to: HostPath): Promise<void> {
  return new Promise((resolve, reject) => fs.rename(from, to, answer(resolve, reject)))
}

/** Gives a file a second name. On Linux a link is not followed; elsewhere it may be. */
export function link(from: HostPath, to: HostPath): Promise<void> {
  return new Promise((resolve, reject) => fs.link(from, to, answer(resolve, reject)))
}

export function symlink(target: HostPath, path: HostPath): Promise<void> {
  return new Promise((resolve, reject) => fs.symlink(target, path, answer(resolve, reject)))
}

/** Reads as much as there is and fits, in one call. */
export function read(fd: number, into: Uint8Array, at: number): Promise<number> {
  return new Promise((resolve, reject) => fs.read(fd, into, 0, into.length, at, answer(resolve, reject)))
}

/** Writes in one call, perhaps not all. */
export function write(fd: number, pieces: readonly Uint8Array[], at: number): Promise<number> {
  return new Promise((resolve, reject) => fs.writev(fd, pieces, at, answer(resolve, reject)))
}

/** Follows links. */
export function realpath(path: HostPath): Promise<Buffer> {
  return new Promise((resolve, reject) => fs.realpath.native(path, 'buffer', answer(resolve, reject)))
}

/** Follows links. */
export function chmod(path: HostPath, mode: number): Promise<void> {
  return new Promise((resolve, reject) => fs.chmod(path, mode, answer(resolve, reject)))
}

/** Follows links. */
export function chown(path: HostPath, user: number, group: number): Promise<void> {
  return new Promise((resolve, reject) => fs.chown(path, user, group, answer(resolve, reject)))
}

/** Follows links. */
export function utimes(path: HostPath, accessed: Date, modified: Date): Promise<void> {
  return new Promise((resolve, reject) => fs.utimes(path, accessed, modified, answer(resolve, reject)))
}

/** Follows links. */
export function statfs(path: HostPath): Promise<fs.StatsFs> {
  return new Promise((resolve, reject) => fs.statfs(path, answer(resolve, reject)))
}

function answer<Result>(resolve: (result: Result) => void, reject: (error: Error) => void) {
  return (error: Error | null, result?: Result) => {
    if (error) reject(error)
    else resolve(result as Result)
  }
}
