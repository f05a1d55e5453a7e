import { createWriteStream, type WriteStream } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { basename, dirname, join, parse, resolve, sep } from 'node:path'
import { asError, FileError } from '../../core/error.ts'
import { asFileError } from '../../stores/disk/faults.ts'
import { systemClock } from '../../core/clock.ts'
import { parsePath, resolvePath, type Path } from '../../core/path.ts'
import type { Ask, RemoteStore } from '../../core/remote.ts'
import type { Store } from '../../core/store.ts'
import { connectStore, type ConnectOptions } from '../../client/connect.ts'
import type { End } from '../../client/end.ts'
import { formatLocation, parseLocation, type Location, type RemoteLocation } from '../../client/location.ts'
import { Pace } from '../../client/pace.ts'
import { parseProxy } from '../../net/proxy.ts'
import { diskStore } from '../../stores/disk.ts'
import { localPlace } from '../../stores/local.ts'
import { netrcLogin, terminalAsk } from './ask.ts'
import { connectPatiently } from './connect-patiently.ts'
import { cleanText } from '../clean-text.ts'
import { activeWords } from './active-words.ts'
import { askedOnce } from './asked-once.ts'
import { rememberedHosts } from './remembered.ts'
import { byteCount, dataModes, oneOf, wholeNumber, type commonOptions, type Said } from '../options.ts'
import { Output } from '../output.ts'
import { trustWords } from './trust-words.ts'
import { UsageError } from '../usage-error.ts'

export type CommonSaid = Said<typeof commonOptions>

const tlsWishes = ['require', 'prefer', 'off'] as const

/** A place that somebody typed, opened. */
export interface Place extends End {
  readonly location: Location
  /** As it was typed; URLs without their password. */
  readonly words: string
  /** Whether it was typed with a slash at its end: what is meant is a directory. */
  readonly isDirectory: boolean
  /** How another path of the same store is shown. */
  show(path: Path): string
}

/** One run of a command that fetches: its connections, its limits, what it prints, and what ends it. */
export class Fetching implements AsyncDisposable {
  readonly out: Output
  readonly signal: AbortSignal
  readonly #ask: Ask
  #said: CommonSaid
  #pace: Pace | undefined
  #retries = 3
  #rate: number | undefined
  readonly #stop = new AbortController()
  readonly #remotes = new Map<string, Promise<RemoteStore>>()
  readonly #closing: (() => Promise<void>)[] = []
  #transcript: WriteStream | undefined
  #connections = 1
  /** Timers keep no process alive; while a command waits to try again it must live. */
  readonly #alive = new MessageChannel().port1

  constructor(said: CommonSaid, ask: Ask = terminalAsk) {
    this.#said = said
    this.#ask = ask
    this.out = new Output(said)
    this.signal = this.#stop.signal
    this.say({})
    // Only now: who has said something wrong is told, and the process ends.
    this.#alive.ref()
  }

  get pace(): Pace | undefined {
    return this.#pace
  }

  get retries(): number {
    return this.#retries
  }

  /** What was said in the words of the command, and since. */
  said(): CommonSaid {
    return this.#said
  }

  /** Says something anew. Connections that stand keep what was said before. */
  say(changes: Partial<CommonSaid>): void {
    const said = { ...this.#said, ...changes }
    const rate = byteCount('--rate', said.rate)
    const retries = wholeNumber('--retries', said.retries) ?? 3
    wholeNumber('--timeout', said.timeout, 1)
    oneOf('--mode', said.mode, dataModes)
    oneOf('--tls', said.tls, tlsWishes)
    activeWords(said['active-address'], said['active-ports'])
    if (rate !== this.#rate) this.#pace = rate === undefined ? undefined : new Pace(systemClock, rate)
    this.#rate = rate
    this.#retries = retries
    this.#said = said
  }

  /** How many connections to one place there may be; to be said before the first is made. */
  connections(count: number): void {
    this.#connections = count
  }

  /** Ends what is under way. */
  interrupt(): void {
    this.#stop.abort()
  }

  /** Opens the place that a word names. The signal ends the connecting alone. */
  async place(word: string, signal?: AbortSignal): Promise<Place> {
    const location = readPlace(word)
    if (location.kind === 'local') return this.#local(location, word)
    const store = await this.#remote(location, signal)
    const path = resolvePath(store.home, location.path)
    return {
      store,
      path,
      location,
      words: formatLocation(location, location.path),
      isDirectory: location.path === '' || location.path.endsWith('/'),
      show: (other) =>
        formatLocation(location, location.scheme.startsWith('sftp') ? other : belowHome(store, other)),
    }
  }

  /** A place of this machine, seen from the machine's root. */
  async fromTop(place: Place): Promise<Place> {
    const full = await realFullPath(place.location.path)
    const { root } = parse(full)
    const store = await diskStore(root)
    this.#closing.push(() => store.close())
    return { ...place, store, path: parsePath(full.slice(root.length - 1).replaceAll(sep, '/')) }
  }

  /** Says good-bye to a place. Whoever asks for it again gets a new connection. */
  async leave(store: Store): Promise<void> {
    for (const [key, opening] of this.#remotes) {
      if ((await opening) !== store) continue
      this.#remotes.delete(key)
      await (await opening).end()
    }
  }

  now(): Date {
    return new Date(systemClock.now())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const remotes = await Promise.allSettled(this.#remotes.values())
    const ends = remotes.map((remote) => (remote.status === 'fulfilled' ? remote.value.end() : undefined))
    // Good-byes are a courtesy: what was done was proven before.
    await Promise.allSettled([...ends, ...this.#closing.map((close) => close())])
    this.#transcript?.end()
    this.#alive.close()
  }

  async #local(location: Location & { kind: 'local' }, word: string): Promise<Place> {
    const { store, path } = await localPlace(location.path, { largeReads: 'at-once' })
    this.#closing.push(() => store.close())
    const base = location.path.replace(/\/+$/u, '')
    const below = path === '/' ? '' : path
    return {
      store,
      path,
      location,
      words: word,
      isDirectory: /[/\\]$/u.test(location.path),
      show: (other) => (other.startsWith(below) ? `${base}${other.slice(below.length)}` : other),
    }
  }

  #remote(location: RemoteLocation, signal: AbortSignal | undefined): Promise<RemoteStore> {
    const { scheme, user = '', host, port = 0, text } = location
    const key = `${scheme} ${user} ${host} ${port} ${text}`
    const open = this.#remotes.get(key)
    if (open !== undefined) return open
    const until = signal === undefined ? this.signal : AbortSignal.any([this.signal, signal])
    const opening = this.#connectPatiently(location, until)
    this.#remotes.set(key, opening)
    // Who asked hears of it; here it must only not count as an error that nobody heard.
    opening.catch(() => this.#remotes.delete(key))
    return opening
  }

  /** Nobody is asked a second time for what he has answered. */
  #connectPatiently(location: RemoteLocation, signal: AbortSignal): Promise<RemoteStore> {
    const ask = askedOnce(this.#ask)
    const how = {
      clock: systemClock,
      retries: this.#retries,
      wanted: this.#said.retries !== undefined,
      signal,
      note: (said: string): void => this.out.note(said),
    }
    return connectPatiently(how, () => this.#connect(location, ask, signal))
  }

  async #connect(location: RemoteLocation, ask: Ask, signal: AbortSignal): Promise<RemoteStore> {
    const known = await netrcLogin(location)
    const password = process.env['FERRY_PASSWORD'] ?? known?.password
    const timeout = wholeNumber('--timeout', this.#said.timeout, 1)
    const mode = oneOf('--mode', this.#said.mode, dataModes)
    const tls = oneOf('--tls', this.#said.tls, tlsWishes)
    const proxy = proxyWord(this.#said.proxy)
    const trust = await trustWords(this.#said)
    const options: ConnectOptions = {
      ask,
      // Half of the modules of a short command would be for SSH, which most of them do not speak.
      hosts: rememberedHosts({
        find: async (wanted) => (await import('./ssh-hosts.ts')).sshHosts(ask).find(wanted),
      }),
      tls: trust,
      signal,
      connections: this.#connections,
      said: (from, line) => this.#say(from, line),
      warned: (line) => this.out.note(line),
      ...(known?.user === undefined ? {} : { user: known.user }),
      ...(password === undefined ? {} : { password }),
      ftp: {
        retries: this.retries,
        ...activeWords(this.#said['active-address'], this.#said['active-ports']),
        ...(mode === undefined ? {} : { mode }),
        ...(tls === undefined ? {} : { tls }),
      },
      ...(proxy === undefined ? {} : { proxy }),
      ...(timeout === undefined ? {} : { silenceMs: timeout * 1000 }),
    }
    return connectStore(location, options)
  }

  #say(from: 'client' | 'server' | 'note', line: string): void {
    const marked = `${{ client: '>', server: '<', note: '*' }[from]} ${line}`
    if (this.#said.transcript !== undefined) {
      this.#transcript ??= createWriteStream(this.#said.transcript).on('error', (error) =>
        this.out.note(`the transcript cannot be written: ${asFileError(error).message}`),
      )
      this.#transcript.write(`${marked}\n`)
    }
    if (!this.#said.verbose) return
    this.out.beforeLine()
    process.stderr.write(`${cleanText(marked)}\n`)
  }
}

function belowHome({ home }: RemoteStore, path: Path): string {
  if (home === '/') return path.slice(1)
  if (path === home) return ''
  return path.startsWith(`${home}/`) ? path.slice(home.length + 1) : path
}

/** A URL that cannot be read is a wrong word. */
function readPlace(word: string): Location {
  try {
    return parseLocation(word)
  } catch (thrown) {
    throw new UsageError(`${asError(thrown).message}: ${withoutPassword(word)}`)
  }
}

/** What stands behind the first colon and is no port may be a password, with whatever letters in it. */
function withoutPassword(word: string): string {
  return word.replace(/^([a-z]+:\/\/[^/:]*):(?!\d*(?:\/|$)).*@/iu, '$1:***@')
}

/** Links on the way are followed, and the last part is itself: it may be a link to be moved, or missing. */
async function realFullPath(path: string): Promise<string> {
  const full = resolve(path)
  return join(await realpath(dirname(full)), basename(full))
}

/** The name that a copy of a place gets. */
export function lastName(place: Place): string {
  const name = place.path.slice(place.path.lastIndexOf('/') + 1)
  if (name !== '') return name
  throw new FileError('invalid', `${place.words} has no name that a copy could have`)
}

function proxyWord(proxy: string | undefined): string | undefined {
  try {
    if (proxy !== undefined) parseProxy(proxy)
    return proxy
  } catch (thrown) {
    throw new UsageError(`--proxy: ${asError(thrown).message}.`)
  }
}
