import { join } from 'node:path'
import type { Ask } from '../../core/remote.ts'
import { ProtocolError } from '../../core/error.ts'
import { connectLocal } from '../../net/local-socket.ts'
import { systemClock } from '../../core/clock.ts'
import { sshAgent, type Agent } from '../../ssh/agent/agent.ts'
import type { KeyToTry } from '../../ssh/client/key-to-try.ts'
import type { HostConfig } from '../../ssh/config/host-config.ts'
import { withCertificate } from '../../ssh/keys/with-certificate.ts'
import type { Signer } from '../../ssh/signer.ts'
import { identityIn, readText, type Identity } from './identity.ts'

export interface UserKeysOptions {
  readonly config: HostConfig
  readonly ask: Ask
  readonly home: string
  readonly host: string
  readonly user: string
}

/** The names of ssh(1)'s own key files, its order. */
const usualFiles = ['id_rsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk']

/**
 * The keys a user has for a host, in ssh(1)'s order: those of the agent, the ones that the configuration names first; then
 * files. One that cannot be used keeps nobody from the next. A passphrase is asked for when the server would take the key.
 */
export function userKeys(options: UserKeysOptions): AsyncIterable<KeyToTry, undefined> {
  return {
    [Symbol.asyncIterator]() {
      const enough = new AbortController()
      const keys = allKeys(options, enough.signal)
      return {
        next: () => keys.next(),
        return() {
          // A generator that waits for the agent hears of this only behind its answer.
          enough.abort()
          return keys.return(undefined)
        },
      }
    },
  }
}

async function* allKeys(options: UserKeysOptions, enough: AbortSignal): AsyncGenerator<KeyToTry, undefined> {
  const agent = await agentOf(options.config)
  // An open connection to it would keep the program from ending.
  const close = (): void => agent?.close()
  enough.addEventListener('abort', close)
  if (enough.aborted) close()
  try {
    yield* keysOf(options, await keysHeld(agent))
  } finally {
    close()
  }
}

async function* keysOf(options: UserKeysOptions, held: readonly Signer[]): AsyncGenerator<KeyToTry> {
  const { config, home } = options
  const named = config.identityFiles
  const files = named.length > 0 ? named : usualFiles.map((name) => join(home, '.ssh', name))
  const read = await Promise.all(files.map((file) => identityIn(file, options, named.length > 0)))
  const identities = read.filter((one) => one !== undefined)
  const certificates = await certificatesOf(config, files)
  const heldFor = ({ blob }: Identity): Signer | undefined => held.find((one) => isSame(one.blob, blob))
  const first = identities.map(heldFor).filter((one) => one !== undefined)
  const others = config.identitiesOnly ? [] : held.filter((one) => !first.includes(one))
  for (const signer of [...first, ...others]) yield* withCertificates(signer, certificates)
  for (const identity of identities) {
    if (heldFor(identity) !== undefined) continue
    const key = await identity.open()
    if ('unusable' in key) yield key
    else yield* withCertificates(key, certificates)
  }
}

function isSame(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return other !== undefined && Buffer.compare(one, other) === 0
}

interface CertificateFile {
  readonly name: string
  /** undefined: it cannot be read. */
  readonly text: string | undefined
}

/** Certificates lie beside their keys, or where the configuration says. */
async function certificatesOf(
  { certificateFiles }: HostConfig,
  files: readonly string[],
): Promise<readonly CertificateFile[]> {
  const beside = files.map((file) => `${file.replace(/\.pub$/u, '')}-cert.pub`)
  const names = [...new Set([...beside, ...certificateFiles])]
  const found = await Promise.all(names.map(async (name) => ({ name, text: await readText(name) })))
  return found.filter(({ name, text }) => text !== undefined || certificateFiles.includes(name))
}

/** A key is shown with each of its certificates first. */
function* withCertificates(signer: Signer, certificates: readonly CertificateFile[]): Generator<KeyToTry> {
  for (const { name, text } of certificates) {
    const shown = text === undefined ? { unusable: `${name}: cannot be read` } : certified(signer, name, text)
    if (shown !== undefined) yield shown
  }
  yield signer
}

function certified(signer: Signer, name: string, text: string): KeyToTry | undefined {
  try {
    return withCertificate(signer, text)
  } catch (thrown) {
    if (!(thrown instanceof ProtocolError)) throw thrown
    return { unusable: `${name}: ${thrown.message}` }
  }
}

async function agentOf({ identityAgent }: HostConfig): Promise<Agent | undefined> {
  const path = identityAgent ?? process.env['SSH_AUTH_SOCK'] ?? 'none'
  if (path === 'none' || path === '') return undefined
  try {
    return sshAgent(await connectLocal(path), systemClock)
  } catch {
    // An agent that is not there has no keys: files may do.
    return undefined
  }
}

async function keysHeld(agent: Agent | undefined): Promise<readonly Signer[]> {
  try {
    return (await agent?.keys()) ?? []
  } catch {
    // Nor has one that does not answer.
    return []
  }
}
