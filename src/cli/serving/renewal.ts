import { X509Certificate } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Accounts } from '../../core/account.ts'
import type { Data } from '../../server/data.ts'
import type { Entrances } from '../../server/doors.ts'
import type { ShownCertificate } from '../../server/certificates.ts'
import type { Homes } from '../../server/homes.ts'
import { ListenError } from '../../server/listen-error.ts'
import type { Running } from '../../server/running.ts'
import type { DiskStore } from '../../stores/disk.ts'
import type { WordedEntrances } from './entrances.ts'
import { listenTrouble } from './listen-trouble.ts'
import { namedFiles } from './named-files.ts'
import { serveAccounts } from './serve-accounts.ts'
import type { LoadedConfig } from './serve-config.ts'
import type { NamedUser, ServeWords } from './serve-options.ts'
import { UsageError } from '../usage-error.ts'

export interface RenewalParts {
  /** What a configuration and the words of the command line ask for together. */
  readonly wishOf: (loaded: LoadedConfig) => ServeWords
  readonly read: (wish: ServeWords, loaded: LoadedConfig) => Promise<WordedEntrances>
  readonly generated: NamedUser | undefined
  readonly store: DiskStore
  readonly data: Data | undefined
  readonly homes: Homes
}

/** What came of a configuration that was taken. */
export interface Renewed {
  readonly told: readonly string[]
  /** Whether all files that it names were taken too. */
  readonly whole: boolean
}

/** What the server has now. */
interface Held {
  readonly loaded: LoadedConfig
  readonly wish: ServeWords
  readonly worded: WordedEntrances
  readonly accounts: Accounts
  /** What the files of SFTP looked like before they were read. */
  readonly files: string
}

/** Who may enter a running server and by which doors: as the configuration says, and as it says later. */
export class Renewal {
  readonly #parts: RenewalParts
  /** Stores of TFTP, those of former configurations too: somebody may still read from them. */
  readonly #stores: Set<DiskStore>
  #held: Held

  private constructor(parts: RenewalParts, held: Held) {
    this.#parts = parts
    this.#held = held
    this.#stores = new Set(held.worded.tftp?.stores)
  }

  static async open(loaded: LoadedConfig, parts: RenewalParts): Promise<Renewal> {
    return new Renewal(parts, await hold(loaded, parts))
  }

  get entrances(): Entrances {
    return this.#held.worded.entrances
  }

  /** What TLS shows to who asks for no name. */
  get certificate(): X509Certificate | undefined {
    const { tls } = this.#held.worded
    return tls && new X509Certificate(tls.identity.certificate.chain)
  }

  /** Whoever logs in is judged by what holds at that moment. */
  readonly accounts: Accounts = { verify: (attempt) => this.#held.accounts.verify(attempt) }

  stores(): readonly DiskStore[] {
    return [...this.#stores]
  }

  certificates(): readonly ShownCertificate[] {
    return this.#held.worded.certificates()
  }

  /**
   * Takes a configuration that was read anew, or looks at the files that it names where it says what it said: what is to be
   * told, above all what counts only after the next start. Throws where it cannot be taken, and then nothing has changed.
   */
  async take(loaded: LoadedConfig, server: Pick<Running, 'listeners' | 'change'>): Promise<Renewed> {
    const former = this.#held
    const isSame = isDeepStrictEqual(meaning(loaded), meaning(former.loaded))
    if (isSame && (await filesOf(former.wish, this.#parts)) === former.files) {
      const problems = await former.worded.look()
      return { told: problems, whole: problems.length === 0 }
    }
    const fresh = await hold(loaded, this.#parts)
    const doors = doorsOf(server)
    try {
      await server.change(fresh.worded.entrances)
    } catch (thrown) {
      fresh.worded.close()
      if (thrown instanceof ListenError) throw new UsageError(listenTrouble(thrown, fresh.wish))
      throw thrown
    }
    this.#held = fresh
    for (const store of fresh.worded.tftp?.stores ?? []) this.#stores.add(store)
    former.worded.close()
    const late = lateIn(former.wish, fresh.wish)
    const told = doorsOf(server) === doors ? late : [`listening now at ${doorsOf(server)}`, ...late]
    return { told, whole: true }
  }

  /** Looks at the files that the configuration names: what is wrong with them. */
  look(): Promise<readonly string[]> {
    return this.#held.worded.look()
  }

  async end(): Promise<void> {
    this.#held.worded.close()
    for (const store of this.#stores) await store.close()
  }
}

async function hold(loaded: LoadedConfig, parts: RenewalParts): Promise<Held> {
  const { store, data, homes } = parts
  const wish = parts.wishOf(loaded)
  const files = await filesOf(wish, parts)
  const judges = await serveAccounts(wish, store, usersOf(wish, parts), data, homes, loaded.config.accounts)
  const worded = await parts.read(wish, loaded)
  const accounts = worded.tftp === undefined ? judges : worded.tftp.accounts(judges, store)
  return { loaded, wish, worded, accounts, files }
}

function usersOf({ users }: ServeWords, { generated }: RenewalParts): readonly NamedUser[] {
  return generated === undefined || users.length > 0 ? users : [generated]
}

function filesOf(wish: ServeWords, parts: RenewalParts): Promise<string> {
  return namedFiles(wish, usersOf(wish, parts))
}

function doorsOf({ listeners }: Pick<Running, 'listeners'>): string {
  return listeners.map(({ protocol, port }) => `${protocol} ${port}`).join(', ')
}

/** What of a configuration is judged here. */
function meaning({ words, config }: LoadedConfig): unknown {
  return [words, config.accounts, config.recorder]
}

/** What of the words counts from the next start on, by the keys of ferry.yaml. */
function lateIn(before: ServeWords, after: ServeWords): readonly string[] {
  const keys: readonly [string, (wish: ServeWords) => unknown][] = [
    ['folder', ({ directory }) => directory],
    ['data', ({ data }) => data],
    ['runAs', ({ runAs }) => runAs],
    ['workers', ({ workers }) => workers],
    ['publish', ({ publish }) => JSON.stringify(publish)],
    ['json', ({ json }) => json],
    ['tftpSinglePort', ({ tftp }) => tftp.ports === 'single'],
  ]
  return keys
    .filter(([, of]) => of(before) !== of(after))
    .map(([key]) => `${key} changed: it counts from the next start on`)
}
