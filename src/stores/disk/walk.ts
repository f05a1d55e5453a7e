import { constants } from 'node:fs'
import { FileError } from '../../core/error.ts'
import { partsOf, type Path } from '../../core/path.ts'
import { decodeText } from '../../core/text.ts'
import { ended, isLater, soon, type Soon } from '../../core/soon.ts'
import { leadsOutside, linkParts, mostLinks, tooManyLinks } from '../link-target.ts'
import type { HostPath } from './calls.ts'
import { leadsOn, type Confinement, type Held, type Spot } from './confinement.ts'
import { codeOf } from './faults.ts'
import type { KeptOut } from './kept-out.ts'
import type { QuickCalls } from './quick-calls.ts'

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

  at<Result>(path: Path, deed: (spot: Spot) => Soon<Result>): Soon<Result> {
    return this.#walk(path, (trail, name) => atSpot(trail, name, deed), 'itself')
  }

  following<Result>(path: Path, deed: (spot: Spot) => Soon<Result | typeof leadsOn>): Soon<Result> {
    return this.#walk(path, (trail, name) => atSpot(trail, name, deed))
  }

  open(path: Path, flags: number): Soon<number> {
    const deed: Deed<Directory, number> = (trail, name) => this.#steps.open(trail.here, name, flags)
    return this.#walk(path, deed, flags & constants.O_EXCL ? 'itself' : 'follow')
  }

  hold(path: Path): Soon<Held> {
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
  #walk<Result>(path: Path, deed: Deed<Directory, Result>, end: End = 'follow'): Soon<Result> {
    if (this.#closing) throw new FileError('failed', 'the store is closed')
    const trail = new Trail(this.#steps)
    const way = new Way(trail, path, deed, end)
    this.#underWay += 1
    return ended(
      () => way.go(),
      () => {
        trail.end()
        this.#underWay -= 1
        this.#closeWhenDone()
      },
    )
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
  return soon(trail.spot(name), deed)
}

/** Says that the way is not at its end. */
const further = Symbol('the walk goes on')

/** One walk: at once from end to end where nothing has to be waited for, as a promise a step costs as much as a call of the system. */
class Way<Directory, Result> {
  readonly #trail: Trail<Directory>
  readonly #deed: Deed<Directory, Result>
  readonly #end: End
  /** What lies ahead, the next one last. */
  readonly #todo: string[]
  #links = 0

  constructor(trail: Trail<Directory>, path: Path, deed: Deed<Directory, Result>, end: End) {
    this.#trail = trail
    this.#deed = deed
    this.#end = end
    this.#todo = partsOf(path).toReversed()
  }

  go(): Soon<Result> {
    for (;;) {
      const step = this.#step()
      if (isLater<Result | typeof further>(step))
        return step.then((done) => (done === further ? this.go() : done))
      if (step !== further) return step
    }
  }

  #step(): Soon<Result | typeof further> {
    const name = this.#todo.pop() ?? ''
    if (name === '..') return soon(this.#trail.goUp(), () => further)
    if (this.#todo.length > 0)
      return soon(this.#trail.goInto(name), (inside) => (inside ? further : this.#follow(name, false)))
    return soon<Result | typeof leadsOn, Result | typeof further>(this.#deed(this.#trail, name), (done) => {
      if (done !== leadsOn) return done
      if (this.#end === 'itself') throw new FileError('exists', 'the name is taken by a link')
      return this.#follow(name, true)
    })
  }

  async #follow(name: string, isLast: boolean): Promise<typeof further> {
    this.#links += 1
    if (this.#links > mostLinks) throw tooManyLinks()
    this.#todo.push(...linkParts(await this.#trail.targetOf(name, isLast)).toReversed())
    return further
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
    return soon(this.#steps.spot(this.here, name), (at) => this.#spotAt(at))
  }

  #spotAt(at: HostPath): Spot {
    const { here } = this
    return { at, depth: this.#names.length, beside: (other) => this.#steps.spot(here, other) }
  }

  goInto(name: string): Soon<boolean> {
    this.#taken += 1
    if (this.#taken > mostSteps) throw tooManyLinks()
    return soon(this.#steps.enter(this.here, name), (found) => this.#entered(name, found))
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
      return decodeText(await this.#steps.calls.readlink(await this.#steps.spot(this.here, name)))
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
