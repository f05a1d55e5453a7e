import { ListingBudget } from '../../core/listing-budget.ts'
import { blockPool } from '../../core/blocks.ts'
import type { Clock } from '../../core/clock.ts'
import { FileError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import { nameOf, parsePath, type Path } from '../../core/path.ts'
import type { HashName, RemoteFile, RemoteStore } from '../../core/remote.ts'
import type { Change, Entry, Feature, Opening, Space } from '../../core/store.ts'
import { readExtendedAnswer } from '../wire/extension.ts'
import { takeAttributes, takeExtended, takeOk, takePath } from './answers.ts'
import { changeFile } from './change.ts'
import { diagnose, diagnoseRename, type Deed } from './diagnose.ts'
import { entryOf } from './entry-of.ts'
import { wantsLinkFirst } from './link-order.ts'
import { Link } from './link.ts'
import { isDirectoryThere, listDirectory, withTarget } from './list.ts'
import { NamesOfOwners } from './names-of-owners.ts'
import { openFile } from './open.ts'
import { SftpServer } from './server.ts'
import { Siblings } from './siblings.ts'
import { copyOver, hashThere } from './there.ts'

/** What a client of SFTP needs: a connection to a server that waits for its hello. */
export interface SftpRemoteOptions {
  readonly conn: Conn
  readonly clock: Clock
  readonly url: string
  /** How long the server may be silent while it owes an answer, 30 s if not said. */
  readonly silenceMs?: number
  /** The version line of the SSH server. */
  readonly version?: string
  /** How many names of one directory are taken, 2,000,000 if not said. */
  readonly mostListed?: number
  /** Opens one more session on the same connection, where that is known to see the same files. */
  readonly more?: () => Promise<Conn>
  /** Called when the session is over, to close what lies below. */
  readonly ended?: () => Promise<void>
}

/** A session of SFTP. */
export interface SftpSession extends RemoteStore {
  /** Why nothing can be asked any more; undefined: it can. */
  readonly failure: Error | undefined
}

/** Begins a session of SFTP: the files of the server, as a Store. */
export async function openSftp(options: SftpRemoteOptions): Promise<SftpSession> {
  const { more } = options
  const siblings = more && new Siblings(async () => learned(await begin(options, await more())))
  const server = await begin(options, options.conn, siblings)
  try {
    const [home] = await Promise.all([
      server.ask('realpath', { path: '.' }, takePath('.')),
      server.learnLimits(),
    ])
    const ended = options.ended ?? (async () => undefined)
    const names = new NamesOfOwners(server)
    const { url, mostListed, version = '' } = options
    const linkFirst = wantsLinkFirst(version)
    return new SftpRemote({
      server,
      names,
      url,
      home: parsePath(home),
      ended,
      mostListed,
      linkFirst,
      unread: new Map(),
    })
  } catch (thrown) {
    await server.link.end()
    throw thrown
  }
}

async function begin(
  { clock, silenceMs = 30_000 }: SftpRemoteOptions,
  conn: Conn,
  siblings?: Siblings,
): Promise<SftpServer> {
  const blocks = blockPool(256 * 1024 + 1024, 8 * 1024 * 1024)
  const link = new Link({ conn, clock, blocks, silenceMs })
  try {
    return new SftpServer(link, await link.greet(), siblings)
  } catch (thrown) {
    await link.end()
    throw thrown
  }
}

async function learned(server: SftpServer): Promise<SftpServer> {
  await server.learnLimits()
  return server
}

interface Parts {
  readonly server: SftpServer
  readonly names: NamesOfOwners
  readonly url: string
  readonly home: Path
  readonly ended: () => Promise<void>
  readonly mostListed: number | undefined
  readonly linkFirst: boolean
  /** Of the last listing of a directory, how many names are none. */
  readonly unread: Map<Path, number>
  readonly signal?: AbortSignal
}

class SftpRemote implements SftpSession {
  readonly url: string
  readonly home: Path
  readonly features: ReadonlySet<Feature>
  readonly #parts: Parts
  readonly #server: SftpServer
  readonly #names: NamesOfOwners
  readonly #signal: AbortSignal | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.#server = parts.server
    this.#names = parts.names
    this.#signal = parts.signal
    this.url = parts.url
    this.home = parts.home
    const features: Feature[] = ['links', 'modes', 'times', 'owners']
    if (this.#server.has('hardlink@openssh.com')) features.push('hard-links')
    if (this.#server.has('statvfs@openssh.com')) features.push('space')
    this.features = new Set(features)
  }

  get failure(): Error | undefined {
    return this.#server.link.failure
  }

  get mayLack(): number {
    return this.#server.mayLack
  }

  under(signal: AbortSignal): RemoteStore {
    const both = this.#signal === undefined ? signal : AbortSignal.any([this.#signal, signal])
    return new SftpRemote({ ...this.#parts, signal: both })
  }

  capabilities(): readonly string[] {
    return this.#server.capabilities()
  }

  async stat(path: Path, follow = true): Promise<Entry> {
    return this.#understood('stat', path, async () => {
      const take = takeAttributes(path)
      const attributes = await this.#server.ask(follow ? 'stat' : 'lstat', { path }, take, this.#signal)
      await this.#names.learn([attributes])
      const entry = entryOf(nameOf(path), attributes, this.#names)
      if (attributes.mode === undefined && (await isDirectoryThere(this.#server, path)))
        return { ...entry, kind: 'directory' }
      return entry.kind === 'link' ? withTarget(this.#server, path, entry) : entry
    })
  }

  async *list(path: Path): AsyncIterable<readonly Entry[]> {
    const { unread, mostListed } = this.#parts
    const budget = new ListingBudget(path, {
      of: 'names',
      most: mostListed,
      mostMebibytes: 256,
      canDecline: true,
    })
    const lost = yield* listDirectory(this.#server, this.#names, path, budget, this.#signal)
    if (lost > 0) unread.set(path, lost)
    else unread.delete(path)
  }

  unread(path: Path): number {
    return this.#parts.unread.get(path) ?? 0
  }

  open(path: Path, how: Opening): Promise<RemoteFile> {
    return openFile(this.#server, path, how, this.#signal)
  }

  remove(path: Path): Promise<void> {
    return this.#understood('remove', path, () => this.#ok('remove', path))
  }

  mkdir(path: Path): Promise<void> {
    const asked = { path, attributes: {} }
    return this.#understood('mkdir', path, () => this.#server.ask('mkdir', asked, takeOk(path), this.#signal))
  }

  rmdir(path: Path): Promise<void> {
    return this.#understood('rmdir', path, () => this.#ok('rmdir', path))
  }

  async rename(from: Path, to: Path, replace: boolean): Promise<void> {
    try {
      if (replace && this.#server.has('posix-rename@openssh.com')) {
        await this.#server.extended('posix-rename@openssh.com', { from, to }, takeOk(from), this.#signal)
      } else await this.#renameStep(from, to, replace)
    } catch (thrown) {
      throw await diagnoseRename(this.#server, from, to, replace, thrown)
    }
  }

  async change(path: Path, to: Change): Promise<void> {
    return this.#understood('stat', path, () => changeFile(this.#server, this.#names, path, to, this.#signal))
  }

  async link(path: Path, target: string, kind: 'symbolic' | 'hard'): Promise<void> {
    return this.#understood('link', path, async () => {
      if (target === '' || target.includes('\0')) throw new FileError('invalid', 'a link must lead somewhere')
      if (kind === 'symbolic') return this.#linkTo(target, path)
      if (!this.#server.has('hardlink@openssh.com')) throw cannot('give a file a second name')
      // Some systems give directories second names, others call it forbidden.
      const { kind: source } = await this.stat(parsePath(target))
      if (source === 'directory') throw new FileError('is-directory', 'a directory has one name only')
      const asked = { from: target, to: path }
      return this.#server.extended('hardlink@openssh.com', asked, takeOk(path), this.#signal)
    })
  }

  async #linkTo(target: string, path: Path): Promise<void> {
    const asked = this.#parts.linkFirst ? { target: path, path: target } : { target, path }
    await this.#server.ask('symlink', asked, takeOk(path), this.#signal)
    try {
      await this.#server.ask('lstat', { path }, takeAttributes(path), this.#signal)
    } catch (thrown) {
      if (!(thrown instanceof FileError) || thrown.fault !== 'not-found') throw thrown
      const text =
        'the server made a link of what this one was to lead to: it takes the two names the other way round'
      const facts = { path, phase: 'command', retryable: false, connectionUsable: true } as const
      throw new FileError('failed', text, { cause: thrown, facts })
    }
  }

  async space(path: Path): Promise<Space> {
    if (!this.#server.has('statvfs@openssh.com')) throw cannot('tell how much room there is')
    const data = await this.#server.extended(
      'statvfs@openssh.com',
      { path },
      takeExtended(path),
      this.#signal,
    )
    const { fragmentSize, blocks, blocksAvailable } = readExtendedAnswer('statvfs', data)
    return { total: blocks * fragmentSize, free: blocksAvailable * fragmentSize }
  }

  hash(path: Path, algorithm: HashName): Promise<string> {
    return hashThere(this.#server, path, algorithm, this.#signal)
  }

  copy(from: Path, to: Path): Promise<void> {
    return copyOver(this.#server, from, to, this.#signal)
  }

  async end(): Promise<void> {
    await this.#server.siblings?.end()
    await this.#server.link.end()
    await this.#parts.ended()
  }

  /** Where the server has no rename that replaces, the old file goes first: for a moment there is none. */
  async #renameStep(from: Path, to: Path, replace: boolean): Promise<void> {
    const rename = (): Promise<void> => this.#server.ask('rename', { from, to }, takeOk(from), this.#signal)
    try {
      await rename()
    } catch (thrown) {
      if (!replace || !(thrown instanceof FileError)) throw thrown
      const [source, target] = await Promise.all([this.stat(from, false), this.stat(to, false)])
      if (source.kind === 'directory' || target.kind === 'directory') throw thrown
      await this.remove(to)
      await rename()
    }
  }

  #ok(kind: 'remove' | 'rmdir', path: Path): Promise<void> {
    return this.#server.ask(kind, { path }, takeOk(path), this.#signal)
  }

  async #understood<Result>(deed: Deed, path: Path, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (thrown) {
      throw await diagnose(this.#server, deed, path, thrown)
    }
  }
}

function cannot(what: string): FileError {
  return new FileError('unsupported', `this server cannot ${what}`)
}
