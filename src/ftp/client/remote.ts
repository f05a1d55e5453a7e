import { FileError } from '../../core/error.ts'
import { nameOf, parentOf, resolvePath, type Path } from '../../core/path.ts'
import type { Completeness, HashName, RemoteFile, RemoteStore, WrittenWhole } from '../../core/remote.ts'
import type { Change, Entry, Feature, OpenFile, Opening, Space } from '../../core/store.ts'
import { asWord } from './as-word.ts'
import { askEach } from './session/ask-each.ts'
import { askHash } from './ask-hash.ts'
import { explained } from './explained.ts'
import { featuresOf } from './session/features-of.ts'
import { IncomingFile } from './transfer/incoming-file.ts'
import { IncomingText } from './transfer/incoming-text.ts'
import { sizeIn, sizeLine, sizeOf } from './listing/size-of.ts'
import { listAnew } from './listing/list-anew.ts'
import { listDirectory } from './listing/list.ts'
import { byParent, look } from './listing/look.ts'
import { OutgoingFile } from './transfer/outgoing-file.ts'
import type { SessionPool } from './session/pool.ts'
import { readWhole } from './transfer/read-whole.ts'
import { sendAcross } from './transfer/send-across.ts'
import { settingLines, settingRefusal } from './settings.ts'
import { NotTogether } from './session/say-together.ts'
import type { FtpServerSeen } from './server-seen.ts'
import type { FtpSession } from './session/session.ts'
import { SmallUploads } from './transfer/small-uploads.ts'

/** Links that lead to links are followed so far. */
const mostLinks = 16

/** A server that speaks FTP, as a Store. */
export class FtpRemote implements RemoteStore {
  readonly url: string
  readonly home: Path
  readonly text: boolean
  readonly features: ReadonlySet<Feature>
  readonly #pool: SessionPool
  readonly #seen: FtpServerSeen
  readonly #signal: AbortSignal | undefined
  readonly #uploads: SmallUploads
  /** A sync asks for the same one with every file, and a signal made of two costs as much as a command. */
  readonly #views = new WeakMap<AbortSignal, FtpRemote>()

  constructor(pool: SessionPool, seen: FtpServerSeen, signal: AbortSignal | undefined) {
    this.#pool = pool
    this.#seen = seen
    this.#signal = signal
    this.#uploads = new SmallUploads(pool, signal)
    this.url = seen.url
    this.home = seen.home
    this.text = seen.text
    this.features = featuresOf(seen.features)
  }

  under(signal: AbortSignal): RemoteStore {
    const known = this.#views.get(signal)
    if (known !== undefined) return known
    const both = this.#signal === undefined ? signal : AbortSignal.any([this.#signal, signal])
    const view = new FtpRemote(this.#pool, this.#seen, both)
    this.#views.set(signal, view)
    return view
  }

  capabilities(): readonly string[] {
    return this.#seen.features
  }

  end(): Promise<void> {
    return this.#pool.end()
  }

  stat(path: Path, follow = true): Promise<Entry> {
    return this.#pool.asking(this.#signal).ask(() => this.#stat(path, follow))
  }

  async #stat(path: Path, follow = true): Promise<Entry> {
    if (!follow) return this.#with((session) => byParent(session, path, this.#signal))
    let entry = await this.#with((session) => look(session, path, this.#signal))
    let place = path
    for (let hop = 0; entry.kind === 'link'; hop += 1) {
      if (entry.target === undefined || hop === mostLinks) {
        throw new FileError('not-found', `look at ${path}: the link leads nowhere`, { facts: { path } })
      }
      place = resolvePath(parentOf(place), entry.target)
      const at = place
      entry = await this.#with((session) => look(session, at, this.#signal))
    }
    return { ...entry, name: nameOf(path) }
  }

  list(path: Path): AsyncIterable<readonly Entry[]> {
    return listAnew(this.#pool, this.#seen, path, this.#signal)
  }

  unread(path: Path): number {
    return this.#seen.unread.get(path) ?? 0
  }

  /** SIZE, unlike MLST, tells of an upload that stopped, with servers that keep the old file until the new one is whole. */
  async begun(path: Path): Promise<number | undefined> {
    if (this.text) return undefined
    return this.#with(async (session) => {
      const { clock } = session.house
      const told = this.#seen.toldSize.take(path, clock.ticks())
      if (told !== undefined) return told.size
      const size = await this.#sizeThere(session, path)
      this.#seen.toldSize.note(path, size, clock.ticks())
      return size
    })
  }

  /** One that can be entered: that takes a question, where what a name is may take a listing of all that is beside it. */
  isDirectory(path: Path): Promise<boolean> {
    return this.#ask(async (session) => {
      const { clock, together } = session.house
      // Who asks where an upload is to go asks for its size next.
      const mayBoth = together.mayBegin && session.isBinary && session.can('SIZE')
      const questions = [`CWD ${path}`, ...(mayBoth ? [sizeLine(path)] : [])]
      const [entered, sized] = await askEach(session, questions)
      if (sized !== undefined) this.#seen.toldSize.note(path, sizeIn(sized), clock.ticks())
      return entered !== undefined && entered.code < 400
    })
  }

  async open(path: Path, how: Opening): Promise<RemoteFile> {
    if (!isPlace(how.from ?? 0)) throw new FileError('invalid', 'not a place in a file')
    if (this.text && ((how.from ?? 0) > 0 || how.append === true)) throw onlyWhole(path)
    if (how.write === true) {
      if (how.read === true)
        throw new FileError('unsupported', 'FTP reads or writes a file, not both at once')
      return this.#openToWrite(path, how)
    }
    if (how.read !== true || how.truncate === true) {
      throw new FileError('invalid', 'a file is opened to read or to write, and only a writer cuts it')
    }
    const file = new IncomingFile({
      pool: this.#pool,
      path,
      signal: this.#signal,
      type: this.text ? 'A' : 'I',
      retries: this.#seen.retries,
      how,
      stat: () => this.#stat(path),
    })
    await file.start(how.from ?? 0)
    return this.text ? new IncomingText(file) : file
  }

  readWhole(path: Path, size: number, into: Uint8Array): Promise<number | undefined> {
    if (this.text) return Promise.resolve(undefined)
    return this.#with((session) => readWhole(session, { path, size, into }, this.#signal))
  }

  writeWhole(path: Path, content: Uint8Array, keeps: Change): Promise<WrittenWhole | undefined> {
    if (this.text) return Promise.resolve(undefined)
    this.#seen.toldSize.forget()
    return this.#uploads.send({ path, content, keeps })
  }

  async remove(path: Path): Promise<void> {
    await this.#removed(`DELE ${path}`, path, 'file')
  }

  async mkdir(path: Path): Promise<void> {
    await this.#with((session) => session.must(`MKD ${path}`, `make ${path}`, path))
  }

  async rmdir(path: Path): Promise<void> {
    await this.#removed(`RMD ${path}`, path, 'directory')
  }

  async rename(from: Path, to: Path, replace: boolean): Promise<void> {
    await this.#with(async (session) => {
      // RNTO onto something replaces it with most servers, and none can be told not to.
      if (!replace && (await this.#is(session, to))) {
        throw new FileError('exists', `rename ${from}: there is a ${to} already`, { facts: { path: to } })
      }
      this.#seen.toldSize.forget()
      await session.must(`RNFR ${from}`, `rename ${from}`, from)
      await session.must(`RNTO ${to}`, `rename ${from} to ${to}`, to)
    })
  }

  async change(path: Path, to: Change): Promise<void> {
    mustBeSound(to)
    if (to.size !== undefined || to.owner !== undefined || to.group !== undefined) {
      await this.stat(path)
      throw new FileError('unsupported', `change ${path}: FTP has no command for that`)
    }
    await this.#with(async (session) => {
      for (const line of settingLines(session, path, to)) {
        const refusal = settingRefusal(line, path, await session.control.ask(line))
        session.used = true
        if (refusal !== undefined) throw refusal
      }
    })
  }

  async link(path: Path, target: string, kind: 'symbolic' | 'hard'): Promise<void> {
    // A target that has quotes of its own is told from a quoted one by nobody.
    if (kind === 'hard' || !this.features.has('links') || target.startsWith('"')) {
      throw new FileError('unsupported', `link ${path}: the server makes no such links`)
    }
    const line = `SITE SYMLINK ${asWord(target)} ${asWord(path)}`
    await this.#with((session) => session.must(line, `link ${path}`, path))
  }

  /** AVBL tells what is free and not of how much, which is half an answer. */
  async space(): Promise<Space> {
    throw new FileError('unsupported', 'FTP does not tell how large a disk is')
  }

  async hash(path: Path, algorithm: HashName): Promise<string> {
    if (this.text) throw new FileError('unsupported', 'a hash of text would be that of other line ends')
    return this.#ask((session) => askHash(session, path, algorithm))
  }

  async copy(from: Path, to: Path): Promise<void> {
    if (this.text) throw new FileError('unsupported', 'a copy over there has the line ends of its source')
    const site = this.#seen.features.find((line) => /^SITE\b.*\bCOPY\b/iu.test(line))
    if (site === undefined) throw new FileError('unsupported', 'the server copies no files by itself')
    await this.#with(async (session) => {
      this.#seen.toldSize.forget()
      await session.must(`SITE CPFR ${from}`, `copy ${from}`, from)
      await session.must(`SITE CPTO ${to}`, `copy ${from} to ${to}`, to)
    })
  }

  async send(from: Path, target: RemoteStore, to: Path, unchecked = false): Promise<Completeness> {
    if (!(target instanceof FtpRemote) || target.#pool === this.#pool || this.text || target.text) {
      throw new FileError('unsupported', 'only servers of FTP send files to one another, byte for byte')
    }
    target.#seen.toldSize.forget()
    return this.#with((source) =>
      target.#with((sink) =>
        sendAcross({ session: source, path: from }, { session: sink, path: to }, unchecked),
      ),
    )
  }

  /** Says one command as it is typed, and gives the reply. Those that need a data connection are refused by the server. */
  async raw(command: string): Promise<string> {
    const reply = await this.#with(async ({ control }) => {
      // What somebody types is in the server's own words already.
      const { foreign } = control
      control.foreign = undefined
      try {
        return await control.ask(command, masked(command))
      } finally {
        control.foreign = foreign
      }
    })
    return [...reply.lines.entries()]
      .map(([at, line]) => `${reply.code}${at === reply.lines.length - 1 ? ' ' : '-'}${line}`)
      .join('\n')
  }

  async #openToWrite(path: Path, how: Opening): Promise<RemoteFile> {
    const session = await this.#pool.take(this.#signal, this.#isOurs(how.besides))
    try {
      const plan = await this.#planOf(session, path, how)
      const file = new OutgoingFile({
        pool: this.#pool,
        path,
        signal: this.#signal,
        text: this.text,
        ...plan,
        together: how.create === 'allow' && plan.line === 'STOR' && plan.from === 0,
        isNew: this.#seen.toldSize.isMissing(path, session.house.clock.ticks()),
        keeps: how.keeps,
        stat: () => this.#stat(path),
      })
      this.#seen.toldSize.forget()
      await file.start(session)
      return file
    } catch (thrown) {
      this.#pool.give(session)
      if (thrown instanceof NotTogether) return this.#openToWrite(path, how)
      throw thrown
    }
  }

  /** Whether a file has one of our sessions. */
  #isOurs(file: OpenFile | undefined): boolean {
    return (file instanceof IncomingFile || file instanceof IncomingText) && file.isOf(this.#pool)
  }

  /** Which command writes what is wanted, and from where. */
  async #planOf(
    session: FtpSession,
    path: Path,
    how: Opening,
  ): Promise<{ line: 'STOR' | 'APPE'; from: number; atEnd: boolean }> {
    if (how.create !== 'allow' || how.append === true) {
      // A link that leads nowhere takes a name too, and MLST does not see it.
      const links = how.create === 'require' && this.features.has('links')
      const there = (await this.#is(session, path)) || (links && (await this.#isListed(session, path)))
      if (there && how.create === 'require') {
        throw new FileError('exists', `upload ${path}: there is something of that name already`)
      }
      if (!there && how.create === undefined) {
        throw new FileError('not-found', `upload ${path}: there is nothing of that name`)
      }
    }
    const size =
      how.append === true || (how.from ?? 0) > 0 ? ((await this.#sizeThere(session, path)) ?? 0) : 0
    if (how.append === true) return { line: 'APPE', from: size, atEnd: true }
    const from = how.from ?? 0
    if (from > size) throw new FileError('invalid', `upload ${path}: the file ends before byte ${from}`)
    if (how.truncate === true || from === 0) {
      const inPlace = how.truncate !== true && (await this.#sizeAbove(session, path, 0))
      if (inPlace) throw new FileError('unsupported', 'FTP cannot write into the middle of a file')
      return { line: 'STOR', from, atEnd: from === size }
    }
    if (from === size) return { line: 'APPE', from, atEnd: true }
    throw new FileError('unsupported', 'FTP cannot write into the middle of a file')
  }

  /** SIZE tells, and of a server that does not know it (aioftp) the listing. */
  async #sizeThere(session: FtpSession, path: Path): Promise<number | undefined> {
    const told = await sizeOf(session, path)
    if (told !== undefined || session.can('SIZE') || !(await this.#is(session, path))) return told
    const { kind, size, rounded } = await look(session, path, this.#signal)
    return kind === 'file' && rounded !== true ? size : undefined
  }

  async #sizeAbove(session: FtpSession, path: Path, size: number): Promise<boolean> {
    return ((await sizeOf(session, path)) ?? 0) > size
  }

  async #is(session: FtpSession, path: Path): Promise<boolean> {
    try {
      await look(session, path, this.#signal)
      return true
    } catch (thrown) {
      if (thrown instanceof FileError && thrown.fault === 'not-found') return false
      // A server that says 550 without a word of why: the parent tells.
      if (thrown instanceof FileError && thrown.fault === 'failed') return this.#isListed(session, path)
      throw thrown
    }
  }

  async #isListed(session: FtpSession, path: Path): Promise<boolean> {
    const name = nameOf(path)
    let found = false
    for await (const batch of listDirectory(session, parentOf(path), this.#signal)) {
      found ||= batch.some((entry) => entry.name === name)
    }
    return found
  }

  /** Removes something; a refusal that does not say why is looked into. Where the answer was lost and nothing is there, it is done. */
  #removed(line: string, path: Path, wanted: 'file' | 'directory'): Promise<void> {
    let tried = 0
    return this.#with(async (session) => {
      tried += 1
      try {
        await session.must(line, `remove ${path}`, path)
      } catch (thrown) {
        const why = await explained(session, path, thrown, wanted, this.#signal)
        if (tried === 1 || !(why instanceof FileError) || why.fault !== 'not-found') throw why
      }
    })
  }

  /** Asks what changes nothing over there. */
  #ask<Answer>(question: (session: FtpSession) => Promise<Answer>): Promise<Answer> {
    return this.#pool.asking(this.#signal).ask(() => this.#with(question))
  }

  #with<Result>(work: (session: FtpSession) => Promise<Result>): Promise<Result> {
    return this.#pool.with(this.#signal, work)
  }
}

function masked(command: string): string {
  return command.replace(/^(PASS|ACCT)\b.*/isu, '$1 ****')
}

/** A place in a text is another one at each end. */
function onlyWhole(path: Path): FileError {
  return new FileError('unsupported', `${path} is to travel as text, which has one beginning only`, {
    facts: { path, hint: 'Leave out ;type=a, or begin anew without --resume.' },
  })
}

function isPlace(place: number): boolean {
  return Number.isSafeInteger(place) && place >= 0
}

function mustBeSound({ mode, modified, created }: Change): void {
  if (mode !== undefined && (mode & ~0o7777) !== 0) throw new FileError('invalid', 'not a mode')
  const times = [modified, created].filter((time) => time !== undefined)
  if (times.some((time) => Number.isNaN(time.getTime()))) throw new FileError('invalid', 'not a time')
}
