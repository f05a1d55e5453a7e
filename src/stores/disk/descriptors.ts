import { closeSync, constants, readlinkSync } from 'node:fs'
import { systemClock } from '../../core/clock.ts'
import { decodeText, encodeText } from '../../core/text.ts'
import type { Soon } from '../../core/soon.ts'
import { chown, open, readlink, type HostPath } from './calls.ts'
import { leadsOn, type Confinement, type Held } from './confinement.ts'
import { DiskWatch, waitedForProcessor } from './disk-watch.ts'
import { codeOf, isGone } from './faults.ts'
import { checkEntering, type KeptOut } from './kept-out.ts'
import { Pace } from './pace.ts'
import { quickCalls, type LargeReads, type QuickCalls } from './quick-calls.ts'
import { Walk, type Steps } from './walk.ts'

/**
 * The confinement of Linux. `/proc/<process>/fd/<descriptor>/<name>` is looked up by the kernel from the open
 * directory on, as by `openat`; every directory is opened through the one before it without following a link. So
 * nothing that is swapped meanwhile leads anywhere else: what was reached is held by a descriptor, not by a name.
 */
export async function descriptorConfinement(
  root: string,
  keptOut: KeptOut,
  largeReads?: LargeReads,
): Promise<Confinement> {
  const fd = await open(root, openPath | constants.O_DIRECTORY)
  return new Walk(new DescriptorSteps(root, fd, keptOut, largeReads))
}

/** Whether this system can do it: some containers and sandboxes hide `/proc`. */
export async function offersDescriptors(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  try {
    const fd = await open('/', openPath | constants.O_DIRECTORY)
    try {
      return (await readlink(pathOf(fd))).toString() === '/'
    } finally {
      closeSync(fd)
    }
  } catch {
    return false // without `/proc` the other confinement does the work
  }
}

/** `O_PATH` is not among Node's constants: a descriptor for a name, that needs no right to read and opens no device. */
export const openPath = 0o10000000
const dontFollow = constants.O_NOFOLLOW
const intoDirectory = openPath | dontFollow | constants.O_DIRECTORY
/** A named pipe must not make the open wait for its other end, nor a terminal become ours. */
const noSurprises = constants.O_NONBLOCK | constants.O_NOCTTY

/** Closing an `O_PATH` descriptor touches no disk, so it need not go through the thread pool. */
class DescriptorSteps implements Steps<number> {
  readonly #path: string
  readonly root: number
  readonly calls: QuickCalls
  readonly keptOut: KeptOut

  constructor(path: string, root: number, keptOut: KeptOut, largeReads?: LargeReads) {
    this.#path = path
    this.root = root
    this.keptOut = keptOut
    const watch = new DiskWatch(systemClock, waitedForProcessor)
    const pace = (): Pace => new Pace(pathOf(root), systemClock, watch)
    this.calls = quickCalls(pace(), pace(), largeReads)
  }

  enter(directory: number, name: string): Soon<number | undefined> {
    const entered = this.#enter(directory, name)
    return this.keptOut.closed.length === 0 ? entered : this.#checked(entered)
  }

  async #checked(entering: Soon<number | undefined>): Promise<number | undefined> {
    const fd = await entering
    if (fd === undefined) return undefined
    try {
      checkEntering(await this.calls.fstat(fd), this.keptOut)
    } catch (thrown) {
      closeSync(fd)
      throw thrown
    }
    return fd
  }

  #enter(directory: number, name: string): Soon<number | undefined> {
    try {
      const entered = this.calls.open(this.spot(directory, name), intoDirectory)
      return entered instanceof Promise ? entered.catch(unlessNone) : entered
    } catch (thrown) {
      return unlessNone(thrown)
    }
  }

  leave(directory: number): void {
    closeSync(directory)
  }

  /** While it is held no other directory has its number. The dot has the kernel follow a link, as opening did. */
  async isStill(): Promise<boolean> {
    try {
      const { dev, ino } = await this.calls.lstat(`${this.#path}/.`)
      const held = await this.calls.fstat(this.root)
      return held.dev === dev && held.ino === ino
    } catch (thrown) {
      return !isGone(thrown)
    }
  }

  spot(directory: number, name: string): HostPath {
    const path = `${pathOf(directory)}/`
    if (name === '') return `${path}.`
    return name.isWellFormed() ? path + name : Buffer.concat([Buffer.from(path), encodeText(name)])
  }

  open(directory: number, name: string, flags: number): Soon<number | typeof leadsOn> {
    try {
      const opened = this.calls.open(this.spot(directory, name), flags | dontFollow | noSurprises, 0o666)
      return opened instanceof Promise ? opened.catch(unlessLink) : opened
    } catch (thrown) {
      return unlessLink(thrown)
    }
  }

  async hold(directory: number, name: string): Promise<Held | typeof leadsOn> {
    const fd = await this.calls.open(this.spot(directory, name), openPath | dontFollow)
    try {
      const stats = await this.calls.fstat(fd)
      checkEntering(stats, this.keptOut)
      if (!stats.isSymbolicLink()) return heldBy(fd, stats, this.calls)
    } catch (thrown) {
      closeSync(fd)
      throw thrown
    }
    closeSync(fd)
    return leadsOn
  }
}

/** What is there may be no directory. */
function unlessNone(thrown: unknown): undefined {
  if (codeOf(thrown) !== 'ENOTDIR') throw thrown
}

/** What is there may be a link. */
function unlessLink(thrown: unknown): typeof leadsOn {
  if (codeOf(thrown) === 'ELOOP') return leadsOn
  throw thrown
}

/** The path of the descriptor is a link that the kernel follows to the very file, whatever its name is by now. */
function heldBy(fd: number, stats: Held['stats'], calls: QuickCalls): Held {
  const at = pathOf(fd)
  return {
    stats,
    at,
    // It touches no disk, so it need not go through the thread pool.
    hostPath: async () => decodeText(readlinkSync(at, 'buffer')),
    openToWrite: () => open(at, constants.O_WRONLY | noSurprises),
    chmod: (mode) => calls.chmod(at, mode),
    chown: (user, group) => chown(at, user, group),
    utimes: (accessed, modified) => calls.utimes(at, accessed, modified),
    release: () => closeSync(fd),
  }
}

let prefix: string | undefined

/** By number and not as `/proc/self`, which would cost one more link in each of a hundred thousand lookups. */
function pathOf(fd: number): string {
  prefix ??= `/proc/${readlinkSync('/proc/self')}/fd/`
  return prefix + fd
}
