import type { Hook, HookDeed } from '../core/account.ts'
import { isThere } from '../core/is-there.ts'
import { asError, FileError } from '../core/error.ts'
import type { Path } from '../core/path.ts'
import type { Login, Policy } from '../core/session.ts'
import type { OpenFile, Opening, Store } from '../core/store.ts'
import { opensToWrite, PassingStore } from './passing.ts'

/** What somebody outside is asked. */
export interface Question {
  readonly deed: HookDeed
  readonly account: string
  readonly path: string
  readonly session: string
  readonly protocol: string
  readonly address: string
}

/** What somebody outside answers: allowed, or not, with a text for the client. */
export type Answer = { readonly allowed: true } | { readonly allowed: false; readonly text: string }

/** Asks; it rejects where no answer comes, in the hook's time at the latest. */
export type AskHook = (hook: Hook, question: Question) => Promise<Answer>

/** Asks somebody outside before uploads, downloads and removals; what is not answered is as the hook says. */
export function hooks(ask: AskHook): Policy {
  return (inner, login) => {
    const all = login.account.rules?.hooks ?? []
    return all.length === 0 ? inner : new Asked(inner, login, all, ask)
  }
}

class Asked extends PassingStore {
  readonly #login: Login
  readonly #hooks: readonly Hook[]
  readonly #ask: AskHook

  constructor(inner: Store, login: Login, all: readonly Hook[], ask: AskHook) {
    super(inner)
    this.#login = login
    this.#hooks = all
    this.#ask = ask
  }

  override async open(path: Path, how: Opening): Promise<OpenFile> {
    if (opensToWrite(how)) await this.#mustBeAllowed('upload', path)
    if (how.read === true && how.inside !== true) await this.#mustBeAllowed('download', path)
    return this.inner.open(path, how)
  }

  override async remove(path: Path): Promise<void> {
    await this.#mustBeAllowed('remove', path)
    await this.inner.remove(path)
  }

  /** The old content of a name that is taken goes away. */
  override async rename(from: Path, to: Path, replace: boolean): Promise<void> {
    if (replace && from !== to && (await isThere(this.inner, to, false)))
      await this.#mustBeAllowed('remove', to)
    await this.inner.rename(from, to, replace)
  }

  async #mustBeAllowed(deed: HookDeed, path: Path): Promise<void> {
    const { id: session, protocol, account, peer } = this.#login
    const question = { deed, account: account.name, path, session, protocol, address: peer.address }
    for (const hook of this.#hooks) {
      if (!hook.before.includes(deed)) continue
      const answer = await this.#answer(hook, question)
      if (!answer.allowed) throw new FileError('denied', answer.text, { rule: `hook ${hook.ask}` })
    }
  }

  async #answer(hook: Hook, question: Question): Promise<Answer> {
    try {
      return await this.#ask(hook, question)
    } catch (thrown) {
      if (hook.onFailure === 'allow') return { allowed: true }
      const cause = asError(thrown)
      throw new FileError('failed', 'it could not be asked whether this is allowed, try again later', {
        cause,
        rule: `hook ${hook.ask}: ${cause.message}`,
      })
    }
  }
}
