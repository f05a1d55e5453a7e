import { constants } from 'node:fs'
import { FileError } from '../../core/error.ts'
import { partsOf, type Path } from '../../core/path.ts'
import { decodeText } from '../../core/text.ts'
import { leadsOutside, linkParts, mostLinks, tooManyLinks } from '../link-target.ts'
import { readlink, type HostPath } from './calls.ts'
import { leadsOn, type Confinement, type Held, type Spot } from './confinement.ts'
import { codeOf } from './faults.ts'
import type { KeptOut } from './kept-out.ts'
import type { QuickCalls, Soon } from './quick-calls.ts'

/** How a walk takes its steps, at once where that is known to be quick. An empty name means the directory itself. */
export interface Steps<Directory> {
  readonly calls: QuickCalls
  readonly root: Directory
  readonly keptOut: KeptOut
  /** Goes into a directory; undefined where the name is something else, perhaps a link. */
  enter(directory: Directory, name: string): Soon<Directory | undefined>
  /** Takes back what `enter` gave. */
  leave(directory: Directory): void
  spot(directory: Directory, name: string): Soon<HostPath>
  open(directory: Directory, name: string, flags: number): Soon<number | typeof leadsOn>
  hold(directory: Directory, name: string): Promise<Held | typeof leadsOn>
  isStill(): Promise<boolean>
}

/** Walks a path one name at a time, and follows links by itself: relative ones that stay below the root. */
export class Walk<Directory> implements Confinement {
  readonly #steps: Steps<Directory>
  #underWay = 0
  #closing: PromiseWithResolvers<void> | undefined

  constructor(steps: Steps<Directory>) {
    this.#steps = steps
  }

  get calls(): QuickCalls {
    return this.#steps.calls
  }

  get keptOut(): KeptOut {
    return this.#steps.keptOut
  }

  at<Result>(path: Path, deed: (spot: Spot) => Soon<Result>): Promise<Result> {
    return this.#walk(path, (trail, name) => atSpot(trail, name, deed), 'itself')
  }

  following<Result>(path: Path, deed: (spot: Spot) => Soon<Result | typeof leadsOn>): Promise<Result> {
    return this.#walk(path, (trail, name) => atSpot(trail, name, deed))
  }

  open(path: Path, flags: number): Promise<number> {
    const deed: Deed<Directory, number> = (trail, name) => this.#steps.open(trail.here, name, flags)
    return this.#walk(path, deed, flags & constants.O_EXCL ? 'itself' : 'follow')
  }

  hold(path: Path): Promise<Held> {
    return this.#walk(path, (trail, name) => this.#steps.hold(trail.here, name))
  }

  async isStill(): Promise<boolean> {
    if (this.#closing) throw new FileError('failed', 'the store is closed')
    return this.#steps.isStill()
  }

  async close(): Promise<void> {
    if (this.#closing) return this.#closing.promise
    this.#closing = Promise.withResolvers()
    this.#closeWhenDone()
    return this.#closing.promise
  }

  /** A walk under way keeps the root open: the number of a closed descriptor may soon mean another directory. */
  async #walk<Result>(path: Path, deed: Deed<Directory, Result>, end: End = 'follow'): Promise<Result> {
    if (this.#closing) throw new FileError('failed', 'the store is closed')
    const trail = new Trail(this.#steps)
    this.#underWay += 1
    try {
      return await walk(trail, path, deed, end)
    } finally {
      trail.end()
      this.#underWay -= 1
      this.#closeWhenDone()
    }
  }

  #closeWhenDone(): void {
    if (!this.#closing || this.#underWay > 0) return
    this.#steps.leave(this.#steps.root)
    this.#closing.resolve()
  }
}

type Deed<Directory, Result> = (trail: Trail<Directory>, name: string) => Soon<Result | typeof leadsOn>

/** Whether the last name may be a link that leads on, or is meant itself, whatever it is. */
type End = 'follow' | 'itself'

function atSpot<Directory, Result>(
  trail: Trail<Directory>,
  name: string,
  deed: (spot: Spot) => Soon<Result>,
): Soon<Result> {
  const spot = trail.spot(name)
  return spot instanceof Promise ? spot.then(deed) : deed(spot)
}

async function walk<Directory, Result>(
  trail: Trail<Directory>,
  path: Path,
  deed: Deed<Directory, Result>,
  end: End,
): Promise<Result> {
  const todo = partsOf(path).toReversed()
  let links = 0
  for (;;) {
    const name = todo.pop() ?? ''
    const isLast = todo.length === 0
    if (name === '..') {
      await trail.goUp()
      continue
    }
    if (isLast) {
      const result = deed(trail, name)
      const done = result instanceof Promise ? await result : result
      if (done !== leadsOn) return done
      if (end === 'itself') throw new FileError('exists', 'the name is taken by a link')
    } else {
      const inside = trail.goInto(name)
      if (inside instanceof Promise ? await inside : inside) continue
    }
    links += 1
    if (links > mostLinks) throw tooManyLinks()
    todo.push(...linkParts(await trail.targetOf(name, isLast)).toReversed())
  }
}

/** More steps than any path needs; only links that lead to and fro on purpose take more. */
const mostSteps = 4096

/** Where a walk stands, and the names of the directories that it went through. */
class Trail<Directory> {
  readonly #steps: Steps<Directory>
  #names: string[] = []
  #taken = 0
  here: Directory

  constructor(steps: Steps<Directory>) {
    this.#steps = steps
    this.here = steps.root
  }

  spot(name: string): Soon<Spot> {
    const at = this.#steps.spot(this.here, name)
    return at instanceof Promise ? at.then((place) => this.#spotAt(place)) : this.#spotAt(at)
  }

  #spotAt(at: HostPath): Spot {
    const { here } = this
    return { at, depth: this.#names.length, beside: (other) => this.#steps.spot(here, other) }
  }

  goInto(name: string): Soon<boolean> {
    this.#taken += 1
    if (this.#taken > mostSteps) throw tooManyLinks()
    const next = this.#steps.enter(this.here, name)
    return next instanceof Promise
      ? next.then((found) => this.#entered(name, found))
      : this.#entered(name, next)
  }

  #entered(name: string, next: Directory | undefined): boolean {
    if (next === undefined) return false
    this.end()
    this.here = next
    this.#names.push(name)
    return true
  }

  /** Goes down again from the root: `..` of a directory that was moved meanwhile might lie outside. */
  async goUp(): Promise<void> {
    const names = this.#names.slice(0, -1)
    if (this.#names.length === 0) throw leadsOutside()
    this.end()
    this.here = this.#steps.root
    this.#names = []
    for (const name of names) if (!(await this.goInto(name))) throw notDirectory()
  }

  /** Where a link leads; a name in the middle of a path that is no link either is a file in the way. */
  async targetOf(name: string, isLast: boolean): Promise<string> {
    try {
      return decodeText(await readlink(await this.#steps.spot(this.here, name)))
    } catch (thrown) {
      if (codeOf(thrown) !== 'EINVAL') throw thrown
      throw isLast ? new FileError('busy', 'the name was changed meanwhile') : notDirectory()
    }
  }

  end(): void {
    if (this.here !== this.#steps.root) this.#steps.leave(this.here)
    this.here = this.#steps.root
  }
}

function notDirectory(): FileError {
  return new FileError('not-directory', 'not a directory')
}
