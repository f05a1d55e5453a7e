import { FileError } from '../core/error.ts'
import { nameOf, type Path } from '../core/path.ts'
import type { Policy } from '../core/session.ts'
import type { OpenFile, Opening, Store } from '../core/store.ts'
import { compileGlob } from '../wire/glob.ts'
import { PassingStore } from './passing.ts'

/** Lets an account touch only files whose names its patterns allow. Directories may be called as they like. */
export const fileNames: Policy = (inner, login) => {
  const names = login.account.rules?.names
  return names === undefined ? inner : new FileNames(inner, names.allow, names.deny ?? [])
}

class FileNames extends PassingStore {
  readonly #allow: readonly Pattern[] | undefined
  readonly #deny: readonly Pattern[]

  constructor(inner: Store, allow: readonly string[] | undefined, deny: readonly string[]) {
    super(inner)
    this.#allow = allow?.map(patternOf)
    this.#deny = deny.map(patternOf)
  }

  override async open(path: Path, how: Opening): Promise<OpenFile> {
    this.#mustBeAllowed(path)
    return this.inner.open(path, how)
  }

  /** A file under an allowed name must not become one under another, nor a forbidden one be freed by a new name. */
  override async rename(from: Path, to: Path, replace: boolean): Promise<void> {
    if ((await this.inner.stat(from, false)).kind !== 'directory') {
      this.#mustBeAllowed(from)
      this.#mustBeAllowed(to)
    }
    await this.inner.rename(from, to, replace)
  }

  override async link(path: Path, target: string, kind: 'symbolic' | 'hard'): Promise<void> {
    this.#mustBeAllowed(path)
    // A link under an allowed name would be a way around: what it leads to must be allowed as well.
    const last = target.slice(target.lastIndexOf('/') + 1)
    if (last !== '' && last !== '.' && last !== '..') this.#mustFit(last)
    await this.inner.link(path, target, kind)
  }

  #mustBeAllowed(path: Path): void {
    this.#mustFit(nameOf(path))
  }

  #mustFit(name: string): void {
    const folded = name.toLowerCase()
    const denied = this.#deny.find((pattern) => pattern.fits(folded))
    if (denied !== undefined) throw refused(`names.deny ${denied.text}`)
    if (this.#allow?.some((pattern) => pattern.fits(folded)) === false) throw refused('names.allow')
  }
}

interface Pattern {
  readonly text: string
  fits(name: string): boolean
}

/** Case counts for nothing: `*.exe` means `X.EXE` too. A star means every name, also one that begins with a dot. */
function patternOf(text: string): Pattern {
  const folded = text.toLowerCase()
  const matches = compileGlob(folded)
  const anyStart = folded.startsWith('*')
  // Shells skip names with a dot in front; a rule that did could be walked around by one.
  return { text, fits: (name) => matches?.(anyStart && name.startsWith('.') ? `x${name}` : name) === true }
}

function refused(rule: string): FileError {
  return new FileError('denied', 'files of such names are not taken here', { rule })
}
