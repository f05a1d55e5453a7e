import type { Blocks } from '../core/blocks.ts'
import { FileError, ProtocolError } from '../core/error.ts'
import { joinPath, nameOf, parentOf, resolvePath, rootPath, type Path } from '../core/path.ts'
import type { Entry, Store } from '../core/store.ts'
import { transfer } from '../core/transfer.ts'
import { compileGlob, hasGlob } from '../wire/glob.ts'
import type { ScpCommand } from './command.ts'
import { deepest } from './deepest.ts'
import { formatLine, isName, type ScpLine } from './lines.ts'
import type { ScpWire } from './wire.ts'

/** Sends files and directories (`scp -f`). Whether all went well. */
export async function send(
  wire: ScpWire,
  files: Store,
  command: ScpCommand,
  blocks: Blocks,
): Promise<boolean> {
  const sending = new Sending(wire, files, command, blocks)
  if ((await wire.answer()) !== undefined) throw new ProtocolError('the client does not begin')
  for (const text of command.paths) await sending.path(text)
  return sending.well
}

class Sending {
  readonly #wire: ScpWire
  readonly #files: Store
  readonly #command: ScpCommand
  readonly #blocks: Blocks
  well = true

  constructor(wire: ScpWire, files: Store, command: ScpCommand, blocks: Blocks) {
    this.#wire = wire
    this.#files = files
    this.#command = command
    this.#blocks = blocks
  }

  /** What was asked for: a path, or a pattern in its last part, as a shell would have spread it out. */
  async path(text: string): Promise<void> {
    const path = resolvePath(rootPath, text)
    try {
      for (const one of await this.#spread(path)) await this.#any(one, 0)
    } catch (thrown) {
      await this.#tell(text, thrown)
    }
  }

  async #spread(path: Path): Promise<readonly Path[]> {
    const name = nameOf(path)
    const fits = hasGlob(name) ? compileGlob(name) : undefined
    if (fits === undefined || (await this.#exists(path))) return [path]
    const found: Path[] = []
    for await (const batch of this.#files.list(parentOf(path)))
      for (const entry of batch) if (fits(entry.name)) found.push(joinPath(parentOf(path), entry.name))
    if (found.length === 0) throw new FileError('not-found', 'no such file or directory')
    return found.toSorted()
  }

  async #exists(path: Path): Promise<boolean> {
    try {
      await this.#files.stat(path)
      return true
    } catch (thrown) {
      if (thrown instanceof FileError) return false
      throw thrown
    }
  }

  async #any(path: Path, depth: number): Promise<void> {
    const entry = await this.#files.stat(path)
    // The top has no name of its own.
    const name = path === '/' ? 'root' : nameOf(path)
    if (!isName(name)) throw new FileError('invalid', 'a name that scp cannot say')
    if (entry.kind === 'file') return this.#file(path, name, entry)
    if (entry.kind !== 'directory') throw new FileError('invalid', 'not a regular file')
    if (!this.#command.recursive) throw new FileError('is-directory', 'not a regular file')
    if (depth >= deepest) throw new FileError('invalid', 'directories too deep')
    await this.#directory(path, name, entry, depth)
  }

  async #directory(path: Path, name: string, entry: Entry, depth: number): Promise<void> {
    if (!(await this.#announce({ kind: 'directory', mode: entry.mode ?? 0o755, name }, entry))) return
    for await (const batch of this.#files.list(path))
      for (const one of batch) await this.#inside(path, one, depth)
    await this.#say({ kind: 'end' })
  }

  async #inside(directory: Path, { name, kind }: Entry, depth: number): Promise<void> {
    const path = joinPath(directory, name)
    try {
      // A link to a directory above would never end.
      if (kind === 'link' && (await this.#files.stat(path)).kind === 'directory')
        throw new FileError('invalid', 'a link to a directory is not followed')
      await this.#any(path, depth + 1)
    } catch (thrown) {
      await this.#tell(path, thrown)
    }
  }

  async #file(path: Path, name: string, entry: Entry): Promise<void> {
    const file = await this.#files.open(path, { read: true })
    await transfer(file, async () => {
      const { size } = await file.stat()
      // The log learns by a read that a file was fetched, an empty one too.
      if (size === 0) await file.read(new Uint8Array(0), 0)
      if (!(await this.#announce({ kind: 'file', mode: entry.mode ?? 0o644, size, name }, entry))) return
      const trouble = await this.#bytes((into, at) => file.read(into, at), size)
      if (trouble === undefined) await this.#wire.ok()
      else await this.#tell(path, trouble)
      if ((await this.#wire.answerOrEnd()) !== undefined) this.well = false
    })
  }

  /** As many bytes as were announced, whatever becomes of the file; what went wrong comes back. */
  async #bytes(read: (into: Uint8Array, at: number) => Promise<number>, size: number): Promise<unknown> {
    const block = this.#blocks.take(size)
    let trouble: unknown
    try {
      for (let at = 0; at < size;) {
        const room = block.bytes.subarray(0, size - at)
        let count = 0
        try {
          if (trouble === undefined) count = await read(room, at)
        } catch (thrown) {
          trouble = thrown
        }
        if (count === 0) {
          trouble ??= new FileError('failed', 'the file became shorter')
          count = room.fill(0).length
        }
        await this.#wire.send(room.subarray(0, count))
        at += count
      }
    } finally {
      block.release()
    }
    return trouble
  }

  /** Whether the client takes it. */
  async #announce(line: Extract<ScpLine, { name: string }>, { modified }: Entry): Promise<boolean> {
    if (this.#command.preserve) await this.#say({ kind: 'times', modified })
    return this.#say(line)
  }

  async #say(line: Parameters<typeof formatLine>[0]): Promise<boolean> {
    await this.#wire.send(formatLine(line))
    const trouble = await this.#wire.answer()
    if (trouble !== undefined) this.well = false
    return trouble === undefined
  }

  async #tell(what: string, thrown: unknown): Promise<void> {
    if (!(thrown instanceof FileError)) throw thrown
    this.well = false
    await this.#wire.trouble(`${what}: ${thrown.message}`)
  }
}
