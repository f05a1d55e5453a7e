import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { AccountSettings } from '../accounts/settings.ts'
import { systemClock, type Clock } from '../core/clock.ts'
import { dayMs } from '../core/day.ts'
import { FileError } from '../core/error.ts'
import { parsePath, rootPath } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { unchangeable } from '../policy/read-only.ts'
import { diskStore } from '../stores/disk.ts'
import { asFileError } from '../stores/disk/faults.ts'
import { memoryStore } from '../stores/memory.ts'
import { mounts, type Mount } from '../stores/mounts.ts'
import { farFolder, type FarFolder, type FarOptions } from './far-folder.ts'
import { makeFolder } from './make-folder.ts'

/** How folders of other servers are come by. */
export interface FarWays extends Pick<FarOptions, 'how'> {
  /** `refused`: others serve the same accounts, and would not see what is in the memory of this one. */
  readonly memory?: 'refused'
  readonly clock?: Clock
  readonly warn?: (text: string) => void
}

/** A folder of another server is looked through no more often: it is another's work. */
const sweptAfterMs = dayMs

/** A folder of another server, and whether something of ours may be left there. */
interface KeptFar {
  readonly folder: FarFolder
  /** Some account may write there. */
  written: boolean
  /** When it was last looked through for left-overs. */
  swept: number
}

/** Opens what accounts see as their homes. One folder is opened once, as long as somebody uses it. */
export class Homes {
  readonly #usual: string | undefined
  readonly #settingsOf: (account: string) => AccountSettings | undefined
  readonly #folders = new Map<string, WeakRef<Store>>()
  readonly #memories = new Map<string, Store>()
  readonly #far = new Map<string, KeptFar>()
  readonly #ways: FarWays

  /** `usual` is the folder of accounts that name none. */
  constructor(
    usual: string | undefined,
    settingsOf: (account: string) => AccountSettings | undefined,
    ways: FarWays = { how: {} },
  ) {
    this.#usual = usual
    this.#settingsOf = settingsOf
    this.#ways = ways
  }

  async open(name: string, settings: AccountSettings): Promise<Store> {
    return this.#open(name, settings, new Set([name]))
  }

  /** The folders that are open now, and those of other servers whose turn it is: where parts of uploads may be left over. */
  toSweep(): readonly Store[] {
    const here = [...this.#folders.values()]
      .map((kept) => kept.deref())
      .filter((store) => store !== undefined)
    const now = this.#clock.ticks()
    const far = [...this.#far.values()].filter(({ written, swept }) => written && now - swept >= sweptAfterMs)
    for (const one of far) one.swept = now
    return [...here, ...far.map(({ folder }) => folder)]
  }

  get #clock(): Clock {
    return this.#ways.clock ?? systemClock
  }

  /** Hangs up on other servers. */
  async end(): Promise<void> {
    await Promise.all([...this.#far.values()].map(({ folder }) => folder.end()))
  }

  async #open(name: string, settings: AccountSettings, seen: ReadonlySet<string>): Promise<Store> {
    const { home, passwordFile: ofHome, mounts: places = {} } = settings
    const list: Mount[] = []
    const root = home ?? (Object.hasOwn(places, '/') ? undefined : this.#usual)
    if (root !== undefined)
      list.push({ at: rootPath, store: await this.#place(name, { from: root, passwordFile: ofHome }, seen) })
    for (const [at, place] of Object.entries(places)) {
      const store = await this.#place(name, place, seen)
      list.push({ at: parsePath(at), store: place.readOnly === true ? unchangeable(store) : store })
    }
    const [first] = list
    if (first === undefined) throw new FileError('not-found', `the account ${name} has no home`)
    return list.length === 1 && first.at === rootPath ? first.store : mounts(list)
  }

  async #place(name: string, place: Place, seen: ReadonlySet<string>): Promise<Store> {
    const { from } = place
    if (from === 'memory') {
      if (this.#ways.memory !== undefined) throw new FileError('unsupported', inOneWorker(name))
      return this.#memory(name)
    }
    if (from.includes('://')) return this.#farFolder(name, place)
    const [, other] = /^account (.+)$/u.exec(from) ?? []
    if (other === undefined) return this.#folder(name, from)
    if (seen.has(other)) throw new FileError('invalid', `the home of ${name} leads to itself`)
    const settings = this.#settingsOf(other)
    if (settings === undefined) throw new FileError('not-found', `there is no account ${other}`)
    return this.#open(other, settings, new Set([...seen, other]))
  }

  /** One for each account, as long as the server runs. */
  #memory(name: string): Store {
    const store = this.#memories.get(name) ?? memoryStore()
    this.#memories.set(name, store)
    return store
  }

  /** One folder of another server is called once for all who see it. `%u` is the account's name. */
  #farFolder(name: string, { from, passwordFile, readOnly = false }: Place): Store {
    mustNameFolder(name, from)
    const url = from.replaceAll('%u', () => encodeURIComponent(name))
    const key = `${passwordFile ?? ''}\n${url}`
    const { how, warn = () => undefined } = this.#ways
    const clock = this.#clock
    const password = passwordFile === undefined ? {} : { password: () => firstLine(passwordFile) }
    let kept = this.#far.get(key)
    if (kept === undefined) {
      const folder = farFolder({ url, how, clock, warn, ...password })
      this.#far.set(key, (kept = { folder, written: false, swept: clock.ticks() }))
    }
    kept.written ||= !readOnly
    return kept.folder
  }

  /** `%u` is the account's name, and such a folder is made when it is missing. */
  async #folder(name: string, from: string): Promise<Store> {
    mustNameFolder(name, from)
    const path = resolve(from.replaceAll('%u', () => name))
    try {
      return await this.#folderAt(path, from.includes('%u'))
    } catch (thrown) {
      // It is the administrator who reads this, and stores name no path of the host.
      const error = asFileError(thrown)
      if (!(error instanceof FileError)) throw error
      throw new FileError(error.fault, `${path}: ${error.message}`, { cause: thrown })
    }
  }

  async #folderAt(path: string, make: boolean): Promise<Store> {
    const before = this.#folders.get(path)
    const open = await homeNow(before?.deref())
    if (open !== undefined) {
      if (open !== before?.deref()) this.#folders.set(path, new WeakRef(open))
      return open
    }
    if (make) await makeFolder(path)
    const store = await diskStore(path, { close: 'when-forgotten' })
    for (const [key, kept] of this.#folders) if (kept.deref() === undefined) this.#folders.delete(key)
    const after = this.#folders.get(path)
    const meanwhile = after === before ? undefined : after?.deref()
    if (meanwhile === undefined) this.#folders.set(path, new WeakRef(store))
    return meanwhile ?? store
  }
}

/** Where a home, or a part of it, is. */
interface Place {
  readonly from: string
  readonly passwordFile?: string | undefined
  readonly readOnly?: boolean
}

/** What an open folder is by now; undefined where there is none any more. */
async function homeNow(store: Store | undefined): Promise<Store | undefined> {
  try {
    return await store?.atLogin?.()
  } catch (thrown) {
    if (thrown instanceof FileError && thrown.fault === 'not-found') return undefined
    throw thrown
  }
}

function inOneWorker(name: string): string {
  return `${name} has a home in memory, which one worker alone can have: start with --workers 1`
}

function mustNameFolder(name: string, from: string): void {
  if (from.includes('%u') && !/^[^/\0]+$/u.test(name.replace(/^\.{1,2}$/u, '')))
    throw new FileError('invalid', 'a name that is no name of a folder')
}

async function firstLine(file: string): Promise<string | undefined> {
  const [line] = (await readFile(file, 'utf8')).split(/\r?\n/u)
  return line
}
