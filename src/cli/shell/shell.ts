import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { systemClock } from '../../core/clock.ts'
import { asError, FileError } from '../../core/error.ts'
import { joinPath, nameOf, resolvePath, rootPath, type Path } from '../../core/path.ts'
import type { Entry, Store } from '../../core/store.ts'
import { isRemote, under, type End } from '../../client/end.ts'
import { isDirectory } from '../../client/make-directory.ts'
import { listAll } from '../../client/walk.ts'
import { nearWord } from '../../config/near-word.ts'
import { compileGlob, hasGlob } from '../../wire/glob.ts'
import type { Bringing } from '../fetching/bring.ts'
import { thingAt } from '../fetching/expand.ts'
import type { Fetching } from '../fetching/fetching.ts'
import { errorText, exitStatus } from '../exit-status.ts'
import { Output } from '../output.ts'
import { parseWords } from '../options.ts'
import { UsageError } from '../usage-error.ts'
import { expandAliases } from './aliases.ts'
import { readBookmarks } from './bookmarks.ts'
import { ifThere } from './if-there.ts'
import { Jobs } from './jobs.ts'
import { printingOut, printingToFile, printingToProgram, type Printing } from './printing.ts'
import { runProgram } from './run-program.ts'
import { splitLine, LineError, type Command } from './split.ts'
import type { Call, Verb } from './verb.ts'

/** A thing on the other side, as verbs handle it. */
export interface ShellThing {
  readonly place: End & { readonly words: string }
  readonly entry: Entry
}

/** Who sits in front of a shell. */
export interface ShellTerminal {
  /** Prints a line above what is being typed. */
  tell(line: string): void
  /** Leaves the terminal to a program while it runs. */
  aside<Result>(work: () => Promise<Result>): Promise<Result>
  /** What was typed so far, the newest first. */
  typed(): readonly string[]
  /** Keeps nothing of that. */
  forget(): void
}

/** A session at a prompt: where one stands on both sides, and what goes on. */
export class Shell {
  readonly fetching: Fetching
  readonly jobs: Jobs
  readonly verbs: ReadonlyMap<string, Verb>
  /** What a name at the beginning of a command stands for. */
  readonly aliases = new Map<string, string>()
  /** Where one stands on this machine. */
  local = process.cwd()
  /** Where one stands over there; undefined: nowhere yet. */
  here: { store: Store; path: Path; home: Path; url: string } | undefined
  previous: Path = rootPath
  bars = true
  leaving = false
  /** The status that "exit" was told to leave with. */
  leavingWith: number | undefined
  #current: AbortController | undefined
  readonly terminal: ShellTerminal

  constructor(fetching: Fetching, verbs: ReadonlyMap<string, Verb>, terminal: ShellTerminal) {
    this.terminal = terminal
    this.fetching = fetching
    this.verbs = verbs
    this.jobs = new Jobs(
      () => systemClock.now(),
      (line) => terminal.tell(line),
    )
  }

  /** Goes to a place, perhaps on another machine. */
  async open(named: string, signal?: AbortSignal): Promise<void> {
    // A name that is none of a folder here may be a bookmark's.
    const word = /^[\w.-]+$/u.test(named) ? ((await readBookmarks()).get(named) ?? named) : named
    const { store, path, words } = await this.fetching.place(word, signal)
    const home = isRemote(store) ? store.home : rootPath
    if (!(await isDirectory(store, path))) {
      const isHost = /^[\w-]+(\.[\w-]+)+$/u.test(word)
      const hint = `Another machine is named by a URL: open ftp://${word}/`
      throw new FileError('not-directory', `${words} is no directory`, isHost ? { facts: { hint } } : {})
    }
    const url = isRemote(store) ? store.url : resolve(word)
    this.here = { store, path, home, url }
    this.previous = path
  }

  /** Ends the connection to where one stands. */
  async close(): Promise<void> {
    const { store } = this.standing()
    if (this.jobs.running.length > 0)
      throw new UsageError('jobs go on behind the prompt: "wait" for them, or "kill all" first.')
    this.here = undefined
    await this.fetching.leave(store)
  }

  /** What is before the cursor: at most half of a narrow terminal. */
  get prompt(): string {
    if (this.here === undefined) return 'ferry> '
    const { url, path } = this.here
    const host = url.replace(/^[a-z]+:\/\//u, '').replace(/\/+$/u, '')
    const place = isRemote(this.here.store) ? `${host}:${path}` : url + (path === '/' ? '' : path)
    return `${place.length > 36 ? `…${place.slice(-35)}` : place}> `
  }

  /** Does a line. Each command tells by itself what went wrong; the number is the status of the last, or what is left with. */
  async run(line: string): Promise<number> {
    let status = 0
    let commands: Command[]
    try {
      commands = expandAliases(splitLine(line.startsWith('!') ? '' : line), this.aliases)
    } catch (thrown) {
      if (!(thrown instanceof LineError)) throw thrown
      process.stderr.write(`ferry: ${thrown.message}\n`)
      return 2
    }
    if (line.startsWith('!')) return this.#program(line.slice(1))
    for (const command of commands) {
      if (command.when === 'if-done' && status !== 0) continue
      if (command.when === 'if-failed' && status === 0) continue
      if (command.background) {
        const job = this.jobs.start(command.text, (signal, moved) =>
          this.#inBackground(command, signal, moved),
        )
        process.stdout.write(`[${job.id}] ${command.text}\n`)
        status = 0
        continue
      }
      const before = status
      status = await this.#inFront(command)
      if (this.leaving) return this.leavingWith ?? before
    }
    return status
  }

  /** Does a line as a part of what is under way. */
  async do(line: string, bringing: Bringing): Promise<void> {
    for (const command of this.#commands(line)) {
      bringing.signal.throwIfAborted()
      if (command.when === 'if-done' && bringing.out.status !== 0) continue
      await this.#perform(command, bringing)
    }
  }

  #commands(line: string): Command[] {
    try {
      return expandAliases(splitLine(line), this.aliases)
    } catch (thrown) {
      throw thrown instanceof LineError ? new UsageError(`${thrown.message}.`) : thrown
    }
  }

  /** Runs a program of this machine, which has the terminal meanwhile, and gives its exit status. */
  program(text: string, input?: string | Readable): Promise<number> {
    return this.terminal.aside(() => runProgram(text, this.local, input))
  }

  /** The URL of the directory one stands in. */
  standingUrl(): string {
    const { url, path } = this.standing()
    return isRemote(this.standing().store)
      ? url.replace(/\/+$/u, '') + path
      : url + (path === '/' ? '' : path)
  }

  /** Queues a line to be done when those before it are. */
  enqueue(text: string): void {
    const commands = splitLine(text)
    this.jobs.enqueue(text, async (signal, moved) => {
      for (const command of commands) await this.#inBackground(command, signal, moved)
    })
  }

  /** Ends what is under way in front; says whether there was anything. */
  interrupt(): boolean {
    this.#current?.abort()
    return this.#current !== undefined
  }

  /** The directory one stands in, for verbs that need one. */
  standing(): { store: Store; path: Path; home: Path; url: string } {
    if (this.here !== undefined) return this.here
    throw new UsageError('nothing is open: type "open URL" first.')
  }

  /** The place that a word means over there. */
  at(word: string, signal: AbortSignal): End & { readonly words: string } {
    const { store, path, home } = this.standing()
    const text = word.replaceAll(/\\([*?[])/gu, '$1')
    const place =
      text === '~' || text.startsWith('~/') ? resolvePath(home, `.${text.slice(1)}`) : resolvePath(path, text)
    return { ...under({ store, path: place }, signal), words: text }
  }

  /** The things that words mean over there, patterns in their last part followed. */
  async things(words: readonly string[], signal: AbortSignal): Promise<ShellThing[]> {
    const things: ShellThing[] = []
    for (const word of words) things.push(...(await this.#expand(word, signal)))
    return things
  }

  async #expand(word: string, signal: AbortSignal): Promise<ShellThing[]> {
    const place = this.at(word, signal)
    const pattern = word.slice(word.lastIndexOf('/') + 1)
    if (!hasGlob(pattern.replaceAll(/\\./gu, ''))) return [await thingAt(place)]
    const fits = compileGlob(pattern) ?? (() => false)
    const directory = word.includes('/')
      ? this.at(word.slice(0, word.lastIndexOf('/') + 1), signal)
      : this.at('.', signal)
    const found = (await listAll(directory.store, directory.path)).filter(({ name }) => fits(name))
    if (found.length === 0) {
      const plain = await ifThere(place.store.stat(place.path))
      if (plain === undefined) throw new FileError('not-found', `nothing fits ${word}`)
      return [{ place, entry: plain }]
    }
    const lead = word.slice(0, word.length - pattern.length)
    return found.map((entry) => ({
      entry,
      place: {
        store: directory.store,
        path: joinPath(directory.path, entry.name),
        words: `${lead}${entry.name}`,
      },
    }))
  }

  /** Where a copy over there is to be: in a directory that is there under the name, else under the word itself. */
  async target(
    word: string | undefined,
    name: string,
    signal: AbortSignal,
  ): Promise<End & { words: string }> {
    const place = this.at(word ?? '.', signal)
    const into = word === undefined || word.endsWith('/') || (await isDirectory(place.store, place.path))
    const path = into ? joinPath(place.path, name) : place.path
    return {
      store: place.store,
      path,
      words: into && word !== undefined ? `${word.replace(/\/$/u, '')}/${name}` : (word ?? name),
    }
  }

  async #inFront(command: Command): Promise<number> {
    const stop = new AbortController()
    this.#current = stop
    const out = new Output(this.fetching.out)
    try {
      await this.#perform(command, this.#bringing(out, stop.signal, false))
    } catch (thrown) {
      if (thrown instanceof UsageError && !out.json) {
        process.stderr.write(`ferry: ${thrown.message}\n`)
        return 2
      }
      out.failed(stop.signal.aborted ? stop.signal.reason : thrown)
    } finally {
      this.#current = undefined
    }
    return out.status
  }

  async #inBackground(command: Command, signal: AbortSignal, moved: (bytes: number) => void): Promise<void> {
    const out = new Output({ json: false, quiet: true, verbose: false })
    try {
      await this.#perform(command, { ...this.#bringing(out, signal, true), moved })
    } catch (thrown) {
      if (!signal.aborted) out.failed(thrown, command.text)
      throw thrown
    }
    if (out.status !== 0) throw new Error('a part of it failed')
  }

  #bringing(out: Output, signal: AbortSignal, background: boolean): Bringing {
    const { pace, retries } = this.fetching
    return { out, pace, retries, signal, background: background || !this.bars }
  }

  async #perform({ words, into, text }: Command, bringing: Bringing): Promise<void> {
    const [name = '', ...rest] = words
    const verb = this.verbs.get(name)
    if (verb === undefined) {
      const near = nearWord(name, [...this.verbs.keys()])
      const guess = near === undefined ? '' : ` (is ${near} meant?)`
      throw new UsageError(`there is no "${name}" here${guess}; "help" lists what there is.`)
    }
    const { said, rest: operands } =
      verb.plainWords === true
        ? { said: {}, rest }
        : parseWords(name, rest.flatMap(numberFlags), verb.options, `help ${name}`)
    if (verb.plainWords !== true && operands.length === 0 && needsWords(verb.usage))
      throw new UsageError(`${name} is typed so: ${verb.usage}`)
    const printing = this.#printing(into, bringing.out)
    const call: Call = {
      shell: this,
      said,
      rest: operands,
      text: text.slice(name.length).trim(),
      bringing,
      print: printing.print,
      write: printing.write,
    }
    try {
      await verb.run(call)
    } catch (thrown) {
      const enough = printing.enough()
      await printing.end(false)
      if (enough) return
      throw thrown
    }
    await printing.end(true)
  }

  #printing(into: Command['into'], out: Output): Printing {
    if (into === undefined) return printingOut(out)
    if (into.kind === 'program') return printingToProgram((input) => this.program(into.text, input))
    return printingToFile(resolve(this.local, into.text), into.kind)
  }

  async #program(text: string): Promise<number> {
    const program = text.trim() === '' ? (process.env['SHELL'] ?? '/bin/sh') : text
    try {
      return await this.program(program)
    } catch (thrown) {
      process.stderr.write(`ferry: ${errorText(asError(thrown))}\n`)
      return exitStatus(asError(thrown))
    }
  }
}

/** What stands in a usage without brackets around it must be said. */
function needsWords(usage: string): boolean {
  const inner = /\[[^[\]]*\]/gu
  return / [A-Z]/u.test(usage.replaceAll(inner, '').replaceAll(inner, ''))
}

/** `-n4`, `-P8` and `--verbose=3` are what lftp's users type. */
function numberFlags(word: string): string[] {
  if (/^--verbose=\d$/u.test(word)) return ['--verbose']
  const [, flag, digits] = /^(-[nPd])(\d+)$/u.exec(word) ?? []
  return flag === undefined || digits === undefined ? [word] : [flag, digits]
}

/** The name that the copy of a thing gets. */
export function nameOfThing({ place }: ShellThing): string {
  const name = nameOf(place.path)
  if (name === '') throw new FileError('invalid', `${place.words} has no name that a copy could have`)
  return name
}
