import { asError, FileError, ProtocolError } from '../core/error.ts'
import { joinPath, meansDirectory, resolvePath, rootPath, type Path } from '../core/path.ts'
import type { Change, Store } from '../core/store.ts'
import { transfer } from '../core/transfer.ts'
import type { ScpCommand } from './command.ts'
import { parseLine, type ScpLine } from './lines.ts'
import { deepest } from './deepest.ts'
import type { ScpWire } from './wire.ts'

interface Place {
  readonly path: Path
  /** What comes goes into it; else it is the name of what comes. */
  readonly inside: boolean
  /** The time that the directory is given when all in it is there. */
  readonly modified: Date | undefined
}

/** Receives files and directories (`scp -t`). Whether all went well. */
export async function receive(wire: ScpWire, files: Store, command: ScpCommand): Promise<boolean> {
  const [text = ''] = command.paths
  const path = resolvePath(rootPath, text)
  const inside = await isDirectory(files, path)
  // With -r a directory may come, and be that one.
  const mustBeThere = command.directory || (meansDirectory(text) && !command.recursive)
  if (mustBeThere && !inside) {
    await wire.trouble(`${text}: not a directory`)
    return false
  }
  return new Receiving(wire, files, command).run({ path, inside, modified: undefined })
}

class Receiving {
  readonly #wire: ScpWire
  readonly #files: Store
  readonly #command: ScpCommand
  readonly #places: Place[] = []
  #well = true

  constructor(wire: ScpWire, files: Store, command: ScpCommand) {
    this.#wire = wire
    this.#files = files
    this.#command = command
  }

  async run(first: Place): Promise<boolean> {
    this.#places.push(first)
    let modified: Date | undefined
    await this.#wire.ok()
    for (let bytes = await this.#wire.line(); bytes !== undefined; bytes = await this.#wire.line()) {
      const line = parseLine(bytes)
      if (line.kind === 'times') {
        modified = line.modified
        await this.#wire.ok()
        continue
      }
      await this.#take(line, modified)
      modified = undefined
    }
    return this.#well
  }

  async #take(line: Exclude<ScpLine, { kind: 'times' }>, modified: Date | undefined): Promise<void> {
    switch (line.kind) {
      case 'file':
        return this.#file(line, modified)
      case 'directory':
        return this.#enter(line, modified)
      case 'end':
        return this.#leave()
      case 'trouble':
        this.#well = false
        if (line.fatal) throw new ProtocolError(`the client gave up: ${line.text}`)
    }
  }

  async #file(line: Extract<ScpLine, { kind: 'file' }>, modified: Date | undefined): Promise<void> {
    const path = this.#pathOf(line.name)
    let trouble: Error | undefined
    try {
      const file = await this.#files.open(path, {
        write: true,
        create: 'allow',
        truncate: true,
        expected: line.size,
      })
      await transfer(file, async () => {
        await this.#wire.ok()
        let at = 0
        await this.#wire.bytes(line.size, async (pieces) => {
          // After a write that failed the rest is read and dropped: the client does not stop inside a file.
          if (trouble === undefined) trouble = await failure(file.write(pieces, at))
          for (const { length } of pieces) at += length
        })
        const said = await this.#wire.answerOrEnd()
        if (trouble !== undefined) throw trouble
        if (said !== undefined) throw new FileError('aborted', `the client could not read it all: ${said}`)
      })
      await this.#keep(path, line.mode, modified)
    } catch (thrown) {
      return this.#tell(path, thrown)
    }
    await this.#wire.ok()
  }

  async #enter(line: Extract<ScpLine, { kind: 'directory' }>, modified: Date | undefined): Promise<void> {
    if (!this.#command.recursive) throw new ProtocolError('a directory, and -r was not said')
    if (this.#places.length > deepest) throw new ProtocolError('directories too deep')
    const path = this.#pathOf(line.name)
    this.#places.push({ path, inside: true, modified })
    try {
      if (!(await isDirectory(this.#files, path))) await this.#files.mkdir(path)
      await this.#keep(path, line.mode, undefined)
    } catch (thrown) {
      return this.#tell(path, thrown)
    }
    await this.#wire.ok()
  }

  async #leave(): Promise<void> {
    const place = this.#places.pop()
    if (place === undefined || this.#places.length === 0) throw new ProtocolError('an end of no directory')
    try {
      if (place.modified !== undefined) await this.#change(place.path, { modified: place.modified })
    } catch (thrown) {
      return this.#tell(place.path, thrown)
    }
    await this.#wire.ok()
  }

  /** Without -p the mode is what new files have, as the umask of a shell would make it. */
  async #keep(path: Path, mode: number, modified: Date | undefined): Promise<void> {
    if (!this.#command.preserve) return
    await this.#change(path, { mode: mode & 0o777 })
    if (modified !== undefined) await this.#change(path, { modified })
  }

  async #change(path: Path, to: Change): Promise<void> {
    if (to.mode !== undefined && !this.#files.features.has('modes')) return
    await this.#files.change(path, to)
  }

  async #tell(path: Path, thrown: unknown): Promise<void> {
    if (!(thrown instanceof FileError)) throw thrown
    this.#well = false
    await this.#wire.trouble(`${path}: ${thrown.message}`)
  }

  #pathOf(name: string): Path {
    const place = this.#places.at(-1)
    if (place === undefined) throw new ProtocolError('something that belongs nowhere')
    return place.inside ? joinPath(place.path, name) : place.path
  }
}

async function failure(work: Promise<void>): Promise<Error | undefined> {
  try {
    await work
    return undefined
  } catch (thrown) {
    return asError(thrown)
  }
}

async function isDirectory(files: Store, path: Path): Promise<boolean> {
  try {
    return (await files.stat(path)).kind === 'directory'
  } catch (thrown) {
    if (thrown instanceof FileError) return false
    throw thrown
  }
}
