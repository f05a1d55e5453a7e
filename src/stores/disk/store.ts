import type { Stats } from 'node:fs'
import { systemClock } from '../../core/clock.ts'
import { FileError } from '../../core/error.ts'
import { nameOf, parentOf, parsePath, type Path } from '../../core/path.ts'
import type { Rows } from '../../core/rows.ts'
import { mended, soon, type Soon } from '../../core/soon.ts'
import type { Change, Entry, Feature, OpenFile, Opening, Space, Store } from '../../core/store.ts'
import { decodeText, encodeText } from '../../core/text.ts'
import { checkTarget } from '../link-target.ts'
import { checkOpening } from '../opening.ts'
import { statfs, symlink, unlink, type HostPath } from './calls.ts'
import { changeHeld } from './change.ts'
import { leadsOn, type Confinement } from './confinement.ts'
import { entryOf } from './entry.ts'
import { notFound, onDisk } from './faults.ts'
import { checkMoving } from './kept-out.ts'
import { listHeld } from './list.ts'
import { LookThread } from './look-thread.ts'
import { openFile } from './open.ts'
import type { Owners } from './owners.ts'
import type { Place } from './place.ts'
import { putWhole, renameOver } from './put-whole.ts'
import type { QuickCalls } from './quick-calls.ts'
import { renameToFree } from './rename.ts'
import type { Seen } from './seen.ts'

/** One for all disks: a thread costs some megabytes. */
const lookThread = new LookThread(systemClock)

/** A directory of the machine as a Store. What may be reached is the confinement's work alone. */
export class ConfinedStore implements Store {
  readonly features: ReadonlySet<Feature> = new Set(offered)
  readonly #confinement: Confinement
  readonly #owners: Owners
  readonly #place: Place

  constructor(confinement: Confinement, owners: Owners, place: Place) {
    this.#confinement = confinement
    this.#owners = owners
    this.#place = place
  }

  async close(): Promise<void> {
    await Promise.all([this.letGo(), this.#place.close()])
  }

  /** Closes this one alone, whatever the path leads to by now. */
  letGo(): Promise<void> {
    return this.#confinement.close()
  }

  /** Whether the path still leads to this directory. */
  async isStill(): Promise<boolean> {
    return onDisk(() => this.#confinement.isStill())
  }

  atLogin(): Promise<Store> {
    return this.#place.now()
  }

  async stat(path: Path, follow = true): Promise<Entry> {
    return onDisk(() => {
      if (!follow) return this.#confinement.at(path, ({ at }) => this.#lookAtItself(nameOf(path), at))
      const looked = this.#confinement.following(path, ({ at }) => lookUnlessLink(this.#calls, at))
      return soon(looked, (stats) => entryOf(nameOf(path), stats, this.#owners))
    })
  }

  async find(path: Path): Promise<Entry | undefined> {
    return onDisk(() => this.#confinement.at(path, ({ at }) => this.#lookForItself(nameOf(path), at)))
  }

  async *list(path: Path): AsyncGenerator<readonly Entry[]> {
    for await (const seen of this.#see(path)) {
      const entries = seen.entries()
      if (entries.length > 0) yield entries
    }
  }

  async *rows(path: Path): AsyncGenerator<Rows> {
    for await (const { rows } of this.#see(path)) yield rows
  }

  async *#see(path: Path): AsyncGenerator<Seen> {
    const tools = { owners: this.#owners, clock: systemClock, thread: lookThread, calls: this.#calls }
    yield* listHeld(await onDisk(() => this.#confinement.hold(path)), tools)
  }

  async open(path: Path, how: Opening): Promise<OpenFile> {
    checkOpening(how)
    return onDisk(() => openFile(this.#confinement, path, how, this.#owners))
  }

  async findBoth(path: Path, beside: string): Promise<readonly [Entry | undefined, Entry | undefined]> {
    return onDisk(() =>
      this.#confinement.at(path, (spot) =>
        soon(this.#lookForItself(nameOf(path), spot.at), (found) => {
          if (found !== undefined && found.kind !== 'file') return [found, undefined] as const
          const looked = soon(spot.beside(beside), (at) => this.#lookForItself(beside, at))
          return soon(looked, (other) => [found, other] as const)
        }),
      ),
    )
  }

  async remove(path: Path): Promise<void> {
    return onDisk(() => this.#confinement.at(path, ({ at }) => removeFile(this.#calls, at)))
  }

  async removeAndFind(path: Path, beside: string): Promise<Entry | undefined> {
    const find = (at: HostPath): Soon<Entry | undefined> => this.#lookForItself(beside, at)
    return onDisk(() =>
      this.#confinement.at(path, (spot) =>
        soon(removeFile(this.#calls, spot.at), () =>
          // What is removed stays so, whatever is wrong beside it.
          mended(
            () => soon(spot.beside(beside), find),
            () => undefined,
          ),
        ),
      ),
    )
  }

  async mkdir(path: Path): Promise<void> {
    return onDisk(() => this.#confinement.at(path, ({ at }) => this.#calls.mkdir(at)))
  }

  async rmdir(path: Path): Promise<void> {
    refuseRoot(path)
    return onDisk(() => this.#confinement.at(path, ({ at }) => this.#calls.rmdir(at)))
  }

  async rename(from: Path, to: Path, replace: boolean): Promise<void> {
    refuseRoot(from)
    refuseRoot(to)
    const move = replace ? renameOver : renameToFree
    return onDisk(() =>
      this.#confinement.at(from, async (source) => {
        const { keptOut } = this.#confinement
        if (keptOut.fixed.length > 0) checkMoving(await this.#calls.lstat(source.at), keptOut)
        // A second walk to the same directory could come to another one by now, and takes time.
        if (parentOf(from) === parentOf(to))
          return move(this.#calls, source.at, await source.beside(nameOf(to)))
        return this.#confinement.at(to, (target) => move(this.#calls, source.at, target.at))
      }),
    )
  }

  async putWhole(path: Path, beside: string, content: Uint8Array, change: Change): Promise<void> {
    refuseRoot(path)
    return onDisk(() =>
      this.#confinement.at(path, async (spot) =>
        putWhole(this.#calls, await spot.beside(beside), spot.at, content, change),
      ),
    )
  }

  async change(path: Path, to: Change): Promise<void> {
    const held = await onDisk(() => this.#confinement.hold(path))
    try {
      await onDisk(() => changeHeld(held, to, this.#owners))
    } finally {
      held.release()
    }
  }

  async link(path: Path, target: string, kind: 'symbolic' | 'hard'): Promise<void> {
    return onDisk(() =>
      kind === 'hard' ? this.#linkHard(path, parsePath(target)) : this.#linkTo(path, target),
    )
  }

  async space(path: Path): Promise<Space> {
    const held = await onDisk(() => this.#confinement.hold(path))
    try {
      const { bsize, blocks, bavail } = await onDisk(() => statfs(held.at))
      return { total: blocks * bsize, free: bavail * bsize }
    } finally {
      held.release()
    }
  }

  get #calls(): QuickCalls {
    return this.#confinement.calls
  }

  #lookAtItself(name: string, at: HostPath): Soon<Entry> {
    return soon(this.#lookForItself(name, at), (entry) => {
      if (entry === undefined) throw notFound()
      return entry
    })
  }

  #lookForItself(name: string, at: HostPath): Soon<Entry | undefined> {
    return soon(this.#calls.lookFor(at), (stats) => {
      if (stats === undefined) return undefined
      if (!stats.isSymbolicLink()) return entryOf(name, stats, this.#owners)
      return soon(this.#calls.readlink(at), (target) =>
        entryOf(name, stats, this.#owners, decodeText(target)),
      )
    })
  }

  #linkTo(path: Path, target: string): Soon<void> {
    return this.#confinement.at(path, ({ at, depth }) => {
      checkTarget(target, depth)
      return symlink(target.isWellFormed() ? target : Buffer.from(encodeText(target)), at)
    })
  }

  #linkHard(path: Path, target: Path): Soon<void> {
    return this.#confinement.following(target, async (file) => {
      const stats = await lookUnlessLink(this.#calls, file.at)
      if (stats === leadsOn) return leadsOn
      if (stats.isDirectory()) throw new FileError('is-directory', 'a directory')
      return this.#confinement.at(path, ({ at }) => this.#calls.link(file.at, at))
    })
  }
}

const offered: readonly Feature[] =
  process.platform === 'win32'
    ? ['links', 'hard-links', 'times', 'space']
    : ['links', 'hard-links', 'modes', 'times', 'owners', 'space']

function lookUnlessLink({ lstat }: QuickCalls, at: HostPath): Soon<Stats | typeof leadsOn> {
  return soon(lstat(at), (stats) => (stats.isSymbolicLink() ? leadsOn : stats))
}

/** The disk takes a while to forget the bytes of a larger file. */
const forgotQuickly = 1024 * 1024

/** Looks first, as systems other than Linux say `EPERM` for a directory, and the size decides who waits. */
function removeFile(calls: QuickCalls, at: HostPath): Soon<void> {
  return soon(calls.lookFor(at), (stats) => {
    if (stats === undefined) throw notFound()
    if (stats.isDirectory()) throw new FileError('is-directory', 'a directory')
    return stats.size > forgotQuickly ? unlink(at) : calls.unlink(at)
  })
}

function refuseRoot(path: Path): void {
  if (path === '/') throw new FileError('denied', 'the root stays where it is')
}
