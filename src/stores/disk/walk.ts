import { constants } from 'node:fs'
import { FileError } from '../../core/error.ts'
import { partsOf, type Path } from '../../core/path.ts'
import { decodeText } from '../../core/text.ts'
import { leadsOutside, linkParts, mostLinks, tooManyLinks } from '../link-target.ts'
import { readlink, type HostPath } from './calls.ts'
import { leadsOn, type Confinement, type Held, type Spot } from './confinement.ts'
import { codeOf } from './faults.ts'
import type { QuickCalls } from './quick-calls.ts'

/** How a walk takes its steps. An empty name means the directory itself. */
export interface Steps<Directory> {
  readonly calls: QuickCalls
  readonly root: Directory
  /** Goes into a directory; undefined where the name is something else, perhaps a link. */
  enter(directory: Directory, name: string): Promise<Directory | undefined>
  /** Takes back what `enter` gave. */
  leave(directory: Directory): void
  spot(directory: Directory, name: string): Promise<HostPath> | HostPath
  open(directory: Directory, name: string, flags: number): Promise<number | typeof leadsOn>
  hold(directory: Directory, name: string): Promise<Held | typeof leadsOn>
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

  at<Result>(path: Path, deed: (spot: Spot) => Promise<Result>): Promise<Result> {
    return this.#itself(path, async (trail, name) => deed(await trail.spot(name)))
  }

  following<Result>(path: Path, deed: (spot: Spot) => Promise<Result | typeof leadsOn>): Promise<Result> {
    return this.#walk(path, async (trail, name) => deed(await trail.spot(name)))
  }

  open(path: Path, flags: number): Promise<number> {
    const deed: Deed<Directory, number> = (trail, name) => this.#steps.open(trail.here, name, flags)
    return flags & constants.O_EXCL ? this.#itself(path, deed) : this.#walk(path, deed)
  }

  hold(path: Path): Promise<Held> {
    return this.#walk(path, (trail, name) => this.#steps.hold(trail.here, name))
  }

  async close(): Promise<void> {
    if (this.#closing) return this.#closing.promise
    this.#closing = Promise.withResolvers()
    this.#closeWhenDone()
    return this.#closing.promise
  }

  /** Ends in the deed on the name itself, whatever it is. */
  #itself<Result>(path: Path, deed: Deed<Directory, Result>): Promise<Result> {
    return this.#walk(path, async (trail, name) => {
      const result = await deed(trail, name)
      if (result === leadsOn) throw new FileError('exists', 'the name is taken by a link')
      return result
    })
  }

  /** A walk under way keeps the root open: the number of a closed descriptor may soon mean another directory. */
  async #walk<Result>(path: Path, deed: Deed<Directory, Result>): Promise<Result> {
    if (this.#closing) throw new FileError('failed', 'the store is closed')
    this.#underWay += 1
    try {
      return await walk(this.#steps, path, deed)
    } finally {
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

type Deed<Directory, Result> = (trail: Trail<Directory>, name: string) => Promise<Result | typeof leadsOn>

async function walk<Directory, Result>(
  steps: Steps<Directory>,
  path: Path,
  deed: Deed<Directory, Result>,
): Promise<Result> {
  const todo = partsOf(path).toReversed()
  const trail = new Trail(steps)
  let links = 0
  try {
    for (;;) {
      const name = todo.pop() ?? ''
      const isLast = todo.length === 0
      if (name === '..') {
        await trail.goUp()
        continue
      }
      if (isLast) {
        const result = await deed(trail, name)
        if (result !== leadsOn) return result
      } else if (await trail.goInto(name)) continue
      links += 1
      if (links > mostLinks) throw tooManyLinks()
      todo.push(...linkParts(await trail.targetOf(name, isLast)).toReversed())
    }
  } finally {
    trail.end()
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

  async spot(name: string): Promise<Spot> {
    const { here } = this
    return {
      at: await this.#steps.spot(here, name),
      depth: this.#names.length,
      beside: (other) => this.#steps.spot(here, other),
    }
  }

  async goInto(name: string): Promise<boolean> {
    this.#taken += 1
    if (this.#taken > mostSteps) throw tooManyLinks()
    const next = await this.#steps.enter(this.here, name)
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
