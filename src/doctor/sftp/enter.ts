import { FileError, LoginError, NetworkError, ProtocolError, TrustError } from '../../core/error.ts'
import type { Ask } from '../../core/remote.ts'
import { connectSsh } from '../../ssh/client/connect.ts'
import type { SshConnection } from '../../ssh/client/connection.ts'
import type { HostTrust } from '../../ssh/client/host-trust.ts'
import type { HostAccess } from '../../ssh/client/hosts.ts'
import { fingerprintOf } from '../../ssh/public-key.ts'
import type { KeyToTry } from '../../ssh/client/key-to-try.ts'
import { knock } from '../checks/reach.ts'
import { outcomeOf } from '../dialogue.ts'
import type { Outcome } from '../step.ts'
import type { HostKey, SftpFindings } from './findings.ts'
import type { SftpExamination } from './examination.ts'

/** Who was let in, or why not. */
export interface Entered {
  readonly found: Pick<SftpFindings, 'hostKey' | 'login' | 'methods'>
  readonly ssh?: SshConnection
}

/** Shakes hands, judges the host's key, and logs in. `probing`: with nothing to show, only to hear which ways there are. */
export async function enter(
  examination: SftpExamination,
  address: string,
  access: HostAccess,
  probing: boolean,
): Promise<Entered> {
  const { clock, password, patienceMs, said } = examination
  const started = clock.ticks()
  const ms = (): number => Math.round(clock.ticks() - started)
  const { conn, knock: knocked } = await knock(examination, address, examination.port)
  if (conn === undefined) return { found: { login: { outcome: knocked.outcome, ms: ms(), keysTried: 0 } } }
  const judge = new Judge(access.trust)
  const keys = new Counted(access.keys)
  try {
    const ssh = await connectSsh({
      conn,
      clock,
      host: access.keyName,
      port: examination.port,
      user: access.user,
      trust: judge,
      keys: probing ? none() : keys,
      ask: nobody,
      ...(probing || password === undefined ? {} : { password }),
      ...(access.legacy === undefined ? {} : { legacy: access.legacy }),
      silenceMs: patienceMs,
      said: (from, line) => {
        if (from !== 'note') said(from, line)
      },
    })
    const login = { outcome: 'works', ms: ms(), keysTried: keys.count, agreed: ssh.agreed } as const
    return { found: { ...judge.found, login }, ssh }
  } catch (thrown) {
    conn.destroy()
    const text = thrown instanceof Error ? thrown.message : ''
    const login = { outcome: meaning(thrown), ms: ms(), text, keysTried: keys.count }
    const methods = thrown instanceof LoginError ? thrown.facts.reply?.split(',') : undefined
    return { found: { ...judge.found, login, ...(methods === undefined ? {} : { methods }) } }
  }
}

/** What an error of a client means for a step; our own bugs stay errors. */
export function meaning(thrown: unknown): Outcome {
  if (thrown instanceof NetworkError) return outcomeOf(thrown)
  if (thrown instanceof TrustError) return 'not-tried'
  if (thrown instanceof LoginError || thrown instanceof FileError || thrown instanceof ProtocolError) {
    return 'rejected'
  }
  throw thrown
}

/** The doctor asks nobody: it tells. */
const nobody: Ask = { secret: async () => undefined, trust: async () => 'no' }

async function* none(): AsyncGenerator<never> {
  yield* []
}

/** Keys are shown in the order of the client, and counted. */
class Counted implements AsyncIterable<KeyToTry> {
  count = 0
  readonly #keys: AsyncIterable<KeyToTry>

  constructor(keys: AsyncIterable<KeyToTry>) {
    this.#keys = keys
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<KeyToTry> {
    for await (const key of this.#keys) {
      if (!('unusable' in key)) this.count += 1
      yield key
    }
  }
}

/** Notes which key the host has shown, and what those said who know hosts. */
class Judge implements HostTrust {
  found: { hostKey?: HostKey } = {}
  readonly #trust: HostTrust
  #known: readonly string[] = []

  constructor(trust: HostTrust) {
    this.#trust = trust
  }

  async known(host: string, port: number): Promise<readonly string[]> {
    this.#known = await this.#trust.known(host, port)
    return this.#known
  }

  async check(shown: Parameters<HostTrust['check']>[0]): Promise<void> {
    const facts = { algorithm: shown.algorithm, fingerprint: fingerprintOf(shown.blob), ms: 0 }
    const trust = this.#known.length > 0 ? 'known' : 'unknown'
    this.found = { hostKey: { ...facts, outcome: 'works', trust } }
    try {
      await this.#trust.check(shown)
    } catch (thrown) {
      if (!(thrown instanceof TrustError)) throw thrown
      const changed = trust === 'known' ? 'changed' : 'unknown'
      this.found = { hostKey: { ...facts, outcome: 'rejected', trust: changed, text: thrown.message } }
      throw thrown
    }
  }
}
