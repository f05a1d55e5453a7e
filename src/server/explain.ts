import { accountOf, refusalNow } from '../accounts/terms.ts'
import type { AccountSettings } from '../accounts/settings.ts'
import type { Account, Protocol } from '../core/account.ts'
import type { Clock } from '../core/clock.ts'
import { asError, FileError } from '../core/error.ts'
import type { Ledger } from '../core/ledger.ts'
import { parentOf, parsePath, type Path } from '../core/path.ts'
import { ruleAt } from '../core/rights.ts'
import type { Login } from '../core/session.ts'
import type { Entry, OpenFile, Opening, Store } from '../core/store.ts'
import type { Gate } from '../policy/gate.ts'
import { allPolicies, guard } from '../policy/index.ts'
import { PassingStore } from '../policy/passing.ts'
import { quotaKeys } from '../core/quota-keys.ts'
import type { Homes } from './homes.ts'
import { askHooks } from './ask-hook.ts'

/** What can be asked about. */
export const actions = [
  'login',
  'list',
  'download',
  'upload',
  'remove',
  'rename',
  'mkdir',
  'rmdir',
  'chmod',
  'link',
] as const

export type Action = (typeof actions)[number]

/** Whether it is allowed, by which rule, and why. */
export interface Explanation {
  readonly allowed: boolean
  readonly rule: string
  readonly reason: string
}

export interface ExplainWorld {
  /** What holds for an account that is known here. */
  readonly settingsOf: (user: string) => AccountSettings | undefined
  /** Who is asked about the others. */
  readonly elsewhere?: string
  readonly homes: Homes
  readonly gate: Gate
  readonly ledger: Ledger
  readonly clock: Clock
}

/**
 * Which rule decides whether somebody may do something: the same rules as in a session are asked, in the same order,
 * over a home in which nothing is changed.
 */
export async function explain(
  { settingsOf, elsewhere, homes, gate, ledger, clock }: ExplainWorld,
  asked: { user: string; action: Action; path: string; address: string; protocol: Protocol },
): Promise<Explanation> {
  const { user, action, address, protocol } = asked
  const turnedAway = gate.judging(address)
  if (turnedAway !== undefined) return { allowed: false, ...turnedAway }
  const settings = settingsOf(user)
  if (settings === undefined) return { allowed: false, rule: 'unknown user', reason: noSuchUser(elsewhere) }
  const peer = { address, port: 0 }
  const refusal = refusalNow(settings, { peer, protocol }, clock.now())
  if (refusal !== undefined) return { allowed: false, ...refusal }
  const home = await openHome(homes, user, settings)
  if (home instanceof FileError) return { allowed: false, rule: 'home', reason: home.message }
  if (action === 'login')
    return { allowed: true, rule: 'login', reason: 'with the right password, key or certificate' }
  const account = accountOf(user, settings, home)
  const login: Login = { id: 'explain', protocol, peer, account, signal: new AbortController().signal }
  const path = parsePath(asked.path)
  const nobody = { emit: () => undefined }
  const quotaOf = {
    policy: (inner: Store) => new Unchanged(inner, account, ledger),
    recount: async () => false,
    forget: () => undefined,
    leave: async () => undefined,
  }
  const files = guard(home, login, allPolicies(nobody, clock, { quotas: quotaOf, ask: askHooks() }))
  try {
    await doing[action](files, path)
  } catch (thrown) {
    const error = asError(thrown)
    const rule =
      error instanceof FileError ? (error.rule ?? `the file itself: ${error.fault}`) : 'a mistake of ferry'
    return { allowed: false, rule, reason: error.message }
  }
  return { allowed: true, ...allowedBy(account, path) }
}

async function openHome(homes: Homes, user: string, settings: AccountSettings): Promise<Store | FileError> {
  try {
    return await homes.open(user, settings)
  } catch (thrown) {
    if (thrown instanceof FileError) return thrown
    throw thrown
  }
}

function noSuchUser(elsewhere: string | undefined): string {
  return elsewhere === undefined
    ? 'there is no such user'
    : `there is no such user here; ${elsewhere} is asked at each login, and may know one`
}

function allowedBy(account: Account, path: Path): { rule: string; reason: string } {
  const rule = ruleAt(account, path)
  if (rule === undefined) return { rule: 'none', reason: 'no rule forbids it' }
  return { rule: `rights of ${rule.path}`, reason: `it allows ${rule.allow.join(', ')}` }
}

const doing: Readonly<Record<Exclude<Action, 'login'>, (files: Store, path: Path) => Promise<unknown>>> = {
  async list(files, path) {
    for await (const batch of files.list(path)) return batch
    return []
  },
  download: async (files, path) => (await files.open(path, { read: true })).close(),
  upload: async (files, path) => {
    const file = await files.open(path, { write: true, create: 'allow', truncate: true })
    await file.write([Uint8Array.of(0)], 0)
    await file.close()
  },
  remove: (files, path) => files.remove(path),
  rename: (files, path) => files.rename(path, path, true),
  mkdir: (files, path) => files.mkdir(path),
  rmdir: (files, path) => files.rmdir(path),
  chmod: (files, path) => files.change(path, { mode: 0o644 }),
  link: (files, path) => files.link(path, parentOf(path), 'symbolic'),
}

/** A home that is looked at and never changed; what an upload would cost is compared with the quota. */
class Unchanged extends PassingStore {
  readonly #account: Account
  readonly #ledger: Ledger

  constructor(inner: Store, account: Account, ledger: Ledger) {
    super(inner)
    this.#account = account
    this.#ledger = ledger
  }

  override async open(path: Path, how: Opening): Promise<OpenFile> {
    if (how.write !== true) return this.inner.open(path, how)
    await this.inner.stat(parentOf(path))
    const { name, rules } = this.#account
    const { bytes, files } = quotaKeys(name)
    const { quota } = rules ?? {}
    if (quota?.bytes !== undefined && (await this.#ledger.read(bytes)) >= quota.bytes)
      throw new FileError('quota', `the account may keep ${quota.bytes} bytes`, { rule: 'quota.bytes' })
    if (quota?.files !== undefined && (await this.#ledger.read(files)) >= quota.files)
      throw new FileError('quota', `the account may keep ${quota.files} files`, { rule: 'quota.files' })
    return nothing
  }

  override async remove(path: Path): Promise<void> {
    await this.inner.stat(path, false)
  }

  override async mkdir(path: Path): Promise<void> {
    await this.inner.stat(parentOf(path))
  }

  override async rmdir(path: Path): Promise<void> {
    await this.inner.stat(path, false)
  }

  override async rename(from: Path): Promise<void> {
    // The atomic upload ends by a rename of what was never made.
    void from
  }

  override async change(path: Path): Promise<void> {
    await this.inner.stat(path)
  }

  override async link(): Promise<void> {
    // Nothing is made.
  }
}

const empty: Entry = { name: '', kind: 'file', size: 0, modified: new Date(0) }

const nothing: OpenFile = {
  stat: async () => empty,
  read: async () => 0,
  write: async () => undefined,
  close: async () => undefined,
  abort: async () => undefined,
}
