import type { Account, Right } from '../core/account.ts'
import { FileError } from '../core/error.ts'
import { isWithin, joinPath, parentOf, partsOf, pathBelow, resolvePath, type Path } from '../core/path.ts'
import { rightsAt, ruleAt } from '../core/rights.ts'
import { rowsNamed, type Rows } from '../core/rows.ts'
import type { Policy } from '../core/session.ts'
import type { Change, Entry, Feature, OpenFile, Opening, Space, Store } from '../core/store.ts'

/** Holds an account to its rights, path by path. Nothing is asked of the store before it is allowed. */
export const permissions: Policy = (inner, login) =>
  login.account.rights.length === 0 ? inner : new Permitted(inner, login.account)

class Permitted implements Store {
  readonly #inner: Store
  readonly #account: Account

  constructor(inner: Store, account: Account) {
    this.#inner = inner
    this.#account = account
  }

  get features(): ReadonlySet<Feature> {
    return this.#inner.features
  }

  async stat(path: Path, follow?: boolean): Promise<Entry> {
    this.#mustBeVisible(path)
    return this.#inner.stat(path, follow)
  }

  async *list(path: Path): AsyncGenerator<readonly Entry[]> {
    this.#need('list', path)
    const hidden = this.#hiddenIn(path)
    for await (const batch of this.#inner.list(path)) {
      yield hidden.size === 0 ? batch : batch.filter(({ name }) => !hidden.has(name))
    }
  }

  rows(path: Path): AsyncIterable<Rows> | undefined {
    const rows = this.#inner.rows?.(path)
    return rows && this.#visibleOf(path, rows)
  }

  async *#visibleOf(path: Path, batches: AsyncIterable<Rows>): AsyncGenerator<Rows> {
    this.#need('list', path)
    const hidden = this.#hiddenIn(path)
    for await (const rows of batches)
      yield hidden.size === 0 ? rows : rowsNamed(rows, (name) => !hidden.has(name))
  }

  async open(path: Path, how: Opening): Promise<OpenFile> {
    if (how.read) this.#need('read', path)
    const writes = how.write || how.create !== undefined || how.truncate || how.append
    return writes ? this.#openToWrite(path, how) : this.#inner.open(path, how)
  }

  async remove(path: Path): Promise<void> {
    this.#need('remove', path)
    await this.#inner.remove(path)
  }

  async mkdir(path: Path): Promise<void> {
    this.#need('directories', path)
    await this.#inner.mkdir(path)
  }

  async rmdir(path: Path): Promise<void> {
    this.#need('directories', path)
    await this.#inner.rmdir(path)
  }

  async rename(from: Path, to: Path, replace: boolean): Promise<void> {
    this.#need('rename', from)
    this.#need('rename', to)
    this.#mustMoveNoRules(from, to)
    await this.#mustStayInBounds(from, to)
    const mayReplace = this.#has('overwrite', to)
    try {
      await this.#inner.rename(from, to, replace && mayReplace)
    } catch (thrown) {
      throw replace && !mayReplace && isFault(thrown, 'exists') ? this.#denied('overwrite', to) : thrown
    }
  }

  async change(path: Path, to: Change): Promise<void> {
    const { size, ...rest } = to
    if (size !== undefined) this.#need('overwrite', path)
    if (size === undefined || Object.keys(rest).length > 0) this.#need('attributes', path)
    await this.#inner.change(path, to)
  }

  async link(path: Path, target: string, kind: 'symbolic' | 'hard'): Promise<void> {
    this.#need('links', path)
    this.#mustNotWiden(path, target)
    await this.#inner.link(path, target, kind)
  }

  async space(path: Path): Promise<Space> {
    this.#mustBeVisible(path)
    return this.#inner.space(path)
  }

  /** Whether the file is there decides which right counts; the store finds that out itself as it opens. */
  async #openToWrite(path: Path, how: Opening): Promise<OpenFile> {
    if (how.create === 'require') this.#need('create', path)
    if (how.create === undefined) this.#need('overwrite', path)
    const mayCreate = this.#has('create', path)
    const mayOverwrite = this.#has('overwrite', path)
    if (how.create !== 'allow' || (mayCreate && mayOverwrite)) return this.#inner.open(path, how)
    if (mayCreate) {
      return this.#openOr('exists', this.#denied('overwrite', path), path, { ...how, create: 'require' })
    }
    if (!mayOverwrite) throw this.#denied('create', path)
    const { create: _, ...existing } = how
    return this.#openOr('not-found', this.#denied('create', path), path, existing)
  }

  async #openOr(fault: FileError['fault'], instead: FileError, path: Path, how: Opening): Promise<OpenFile> {
    try {
      return await this.#inner.open(path, how)
    } catch (thrown) {
      throw isFault(thrown, fault) ? instead : thrown
    }
  }

  #has(right: Right, path: Path): boolean {
    return rightsAt(this.#account, path).has(right)
  }

  #need(right: Right, path: Path): void {
    if (!this.#has(right, path)) throw this.#denied(right, path)
  }

  #denied(right: Right, path: Path): FileError {
    return new FileError('denied', `you may not ${deeds[right]} here`, { rule: this.#ruleAt(path) })
  }

  #ruleAt(path: Path): string {
    const rule = ruleAt(this.#account, path)
    return rule === undefined ? 'rights: no rule holds this path' : `rights of ${rule.path}`
  }

  #mustBeVisible(path: Path): void {
    if (!this.#isVisible(path))
      throw new FileError('denied', 'you may not see what is here', { rule: this.#ruleAt(path) })
  }

  /** Where anything is allowed, and the way there from the root. */
  #isVisible(path: Path): boolean {
    if (rightsAt(this.#account, path).size > 0) return true
    return this.#account.rights.some((rule) => rule.allow.length > 0 && isWithin(rule.path, path))
  }

  /** The names in a directory that may not be seen: only one that leads to a rule can differ from its directory. */
  #hiddenIn(directory: Path): ReadonlySet<string> {
    const hidden = new Set<string>()
    for (const { path } of this.#account.rights) {
      if (path === directory || !isWithin(path, directory)) continue
      const [name = ''] = partsOf(pathBelow(path, directory))
      if (!this.#isVisible(joinPath(directory, name))) hidden.add(name)
    }
    return hidden
  }

  /** A rule belongs to a name: moved with its directory, what it protects would be free, or others bound by it. */
  #mustMoveNoRules(from: Path, to: Path): void {
    const moves = this.#account.rights.some(
      ({ path }) => isWithin(path, from) || (path !== to && isWithin(path, to)),
    )
    if (moves)
      throw new FileError('denied', 'you may not rename this, other rules hold below it', {
        rule: 'rights below the path',
      })
  }

  /**
   * A relative link means another place once it is moved. Links inside a directory that is moved are not looked at:
   * where rules differ, the right to make links is one to give with care.
   */
  async #mustStayInBounds(from: Path, to: Path): Promise<void> {
    if (!this.#inner.features.has('links')) return
    const { kind, target } = await this.#inner.stat(from, false)
    if (kind === 'link' && target !== undefined) this.#mustNotWiden(to, target)
  }

  /** A link is reached by its own path's rule: where it leads, no more may be forbidden than where it lies. */
  #mustNotWiden(path: Path, target: string): void {
    const here = rightsAt(this.#account, path)
    const there = resolvePath(parentOf(path), target)
    const below = this.#account.rights.map((rule) => rule.path).filter((rule) => isWithin(rule, there))
    const narrower = [there, ...below].some((place) => !here.isSubsetOf(rightsAt(this.#account, place)))
    if (narrower)
      throw new FileError('denied', 'you may not make a link to where you may do less', {
        rule: this.#ruleAt(there),
      })
  }
}

const deeds: Readonly<Record<Right, string>> = {
  list: 'list directories',
  read: 'read files',
  create: 'create files',
  overwrite: 'overwrite files',
  remove: 'remove files',
  rename: 'rename files',
  directories: 'make or remove directories',
  attributes: 'change attributes',
  links: 'make links',
}

function isFault(thrown: unknown, fault: FileError['fault']): boolean {
  return thrown instanceof FileError && thrown.fault === fault
}
