import { constants, type Stats } from 'node:fs'
import { FileError } from '../../core/error.ts'
import { encodeText } from '../../core/text.ts'
import { close, fchmod, fchown, fstat, futimes, lstat, open, realpath } from './calls.ts'
import { leadsOn, type Confinement, type Held } from './confinement.ts'
import { codeOf, isGone } from './faults.ts'
import { checkEntering, type KeptOut } from './kept-out.ts'
import { pooledCalls } from './quick-calls.ts'
import { Walk, type Steps } from './walk.ts'
import { isWindowsName } from './windows-name.ts'

/**
 * The confinement of systems without `/proc`. Every directory on the way is resolved and must lie where it was
 * looked for; that is checked again right before each deed, and after each open. Someone who can swap directories
 * on the machine itself may still hit the moment between the check and the deed; who comes over the network cannot
 * make such a link, but see TRUST.md.
 */
export async function realPathConfinement(root: string, keptOut: KeptOut): Promise<Confinement> {
  const real = await realpath(root)
  const stats = await lstat(real)
  if (!stats.isDirectory()) throw new FileError('not-directory', 'not a directory')
  return new Walk(new RealPathSteps({ path: root, real, stats }, keptOut))
}

// Windows has neither flag.
const dontFollow = constants.O_NOFOLLOW ?? 0
const noSurprises = (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0)

interface OpenedRoot {
  /** As it was named. */
  readonly path: string
  readonly real: Buffer
  readonly stats: Stats
}

class RealPathSteps implements Steps<Buffer> {
  readonly #opened: OpenedRoot
  readonly root: Buffer
  readonly calls = pooledCalls
  readonly keptOut: KeptOut

  constructor(opened: OpenedRoot, keptOut: KeptOut) {
    this.#opened = opened
    this.root = opened.real
    this.keptOut = keptOut
  }

  async enter(directory: Buffer, name: string): Promise<Buffer | undefined> {
    const path = join(directory, name)
    const stats = await lstat(path)
    if (!stats.isDirectory()) return undefined
    checkEntering(stats, this.keptOut)
    const real = await realpath(path)
    return parentOf(real).equals(withoutSlash(directory)) ? real : undefined
  }

  leave(): void {
    // A path holds nothing open.
  }

  async isStill(): Promise<boolean> {
    const { path, stats } = this.#opened
    try {
      const { dev, ino } = await lstat(this.root)
      return (await realpath(path)).equals(this.root) && dev === stats.dev && ino === stats.ino
    } catch (thrown) {
      return !isGone(thrown)
    }
  }

  async spot(directory: Buffer, name: string): Promise<Buffer> {
    await checkStill(directory)
    return join(directory, name)
  }

  async open(directory: Buffer, name: string, flags: number): Promise<number | typeof leadsOn> {
    const path = await this.spot(directory, name)
    if (await isLink(path)) return leadsOn
    const fd = await open(path, flags | dontFollow | noSurprises, 0o666)
    try {
      await checkStill(directory)
      await checkSame(fd, await lstat(path))
      return fd
    } catch (thrown) {
      await close(fd)
      throw thrown
    }
  }

  async hold(directory: Buffer, name: string): Promise<Held | typeof leadsOn> {
    const path = await this.spot(directory, name)
    const stats = await lstat(path)
    checkEntering(stats, this.keptOut)
    return stats.isSymbolicLink() ? leadsOn : heldAt(path, stats)
  }
}

function heldAt(at: Buffer, stats: Held['stats']): Held {
  return {
    stats,
    at,
    hostPath: async () => undefined,
    openToWrite: async () => {
      const fd = await open(at, constants.O_WRONLY | dontFollow | noSurprises)
      await checkSame(fd, stats).catch(async (thrown: unknown) => {
        await close(fd)
        throw thrown
      })
      return fd
    },
    chmod: (mode) => withDescriptor(at, stats, (fd) => fchmod(fd, mode)),
    chown: (user, group) => withDescriptor(at, stats, (fd) => fchown(fd, user, group)),
    utimes: (accessed, modified) => withDescriptor(at, stats, (fd) => futimes(fd, accessed, modified)),
    release: () => undefined,
  }
}

/** Changes by descriptor, because there is no portable call that changes by path and does not follow a link. */
async function withDescriptor(
  at: Buffer,
  stats: Held['stats'],
  deed: (fd: number) => Promise<void>,
): Promise<void> {
  const fd = await openSomehow(at)
  try {
    await checkSame(fd, stats)
    await deed(fd)
  } finally {
    await close(fd)
  }
}

/** A file that we may write but not read can only be opened to write. */
async function openSomehow(at: Buffer): Promise<number> {
  try {
    return await open(at, constants.O_RDONLY | dontFollow | noSurprises)
  } catch (thrown) {
    if (codeOf(thrown) !== 'EACCES') throw thrown
    return await open(at, constants.O_WRONLY | dontFollow | noSurprises)
  }
}

async function checkStill(directory: Buffer): Promise<void> {
  if (!(await realpath(directory)).equals(directory)) throw changed()
}

async function checkSame(fd: number, stats: Held['stats']): Promise<void> {
  const { dev, ino } = await fstat(fd)
  if (dev !== stats.dev || ino !== stats.ino) throw changed()
}

async function isLink(path: Buffer): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink()
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return false
    throw thrown
  }
}

function changed(): FileError {
  return new FileError('denied', 'the path was changed meanwhile')
}

function join(directory: Buffer, name: string): Buffer {
  if (name === '') return directory
  if (process.platform === 'win32' && !isWindowsName(name)) {
    throw new FileError('invalid', 'Windows cannot hold such a name')
  }
  return Buffer.concat([withoutSlash(directory), slash, encodeText(name)])
}

const slash = Buffer.from('/')

/** What ends the name of a directory, in a path as the system writes it. */
const separators = process.platform === 'win32' ? ['/', '\\'] : ['/']

/** The directory that holds a real path, without a slash behind it. */
function parentOf(path: Buffer): Buffer {
  return path.subarray(0, Math.max(...separators.map((separator) => path.lastIndexOf(separator))))
}

/** The top of a disk is the only directory whose path ends with a slash. */
function withoutSlash(directory: Buffer): Buffer {
  const last = directory.toString('latin1', directory.length - 1)
  return separators.includes(last) ? directory.subarray(0, -1) : directory
}
