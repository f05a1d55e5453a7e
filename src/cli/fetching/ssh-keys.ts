import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LoginError } from '../../core/error.ts'
import type { Ask } from '../../core/remote.ts'
import { connectLocal } from '../../net/local-socket.ts'
import { systemClock } from '../../core/clock.ts'
import { sshAgent, type Agent } from '../../ssh/agent/agent.ts'
import type { HostConfig } from '../../ssh/config/host-config.ts'
import { parseKeyFile, type KeyFile } from '../../ssh/keys/key-file.ts'
import { withCertificate } from '../../ssh/keys/with-certificate.ts'
import { signerOf } from '../../ssh/private-key.ts'
import type { Signer } from '../../ssh/signer.ts'

export interface UserKeysOptions {
  readonly config: HostConfig
  readonly ask: Ask
  readonly home: string
  readonly host: string
  readonly user: string
}

/** The names of ssh(1)'s own key files, its order. */
const usualFiles = ['id_rsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk']

const mostAsked = 3

/**
 * The keys a user has for a host, in ssh(1)'s order: those of the agent, the ones that the configuration names first; then
 * files. A file is opened when its turn comes, so that nobody is asked for a passphrase that is not needed.
 */
export async function* userKeys(options: UserKeysOptions): AsyncGenerator<Signer> {
  const agent = await agentOf(options.config)
  try {
    yield* keysOf(options, await keysHeld(agent))
  } finally {
    // An open connection to it would keep the program from ending.
    agent?.close()
  }
}

async function* keysOf(options: UserKeysOptions, held: readonly Signer[]): AsyncGenerator<Signer> {
  const { config, home } = options
  const named = config.identityFiles
  const files = named.length > 0 ? named : usualFiles.map((name) => join(home, '.ssh', name))
  const publics = new Map<string, string>()
  for (const file of files) {
    const [, blob] = (await textOf(`${file}.pub`))?.trim().split(/\s+/u) ?? []
    if (blob !== undefined) publics.set(blob, file)
  }
  const shown = new Set<string>()
  const isNamed = ({ blob }: Signer): boolean => publics.has(base64(blob))
  for (const signer of [...held.filter(isNamed), ...held.filter((one) => !isNamed(one))]) {
    if (config.identitiesOnly && !isNamed(signer)) continue
    shown.add(base64(signer.blob))
    yield signer
  }
  for (const file of files) {
    const known = [...publics].find(([, name]) => name === file)?.[0]
    if (known !== undefined && shown.has(known)) continue
    yield* keysIn(file, options, named.length > 0)
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

async function* keysIn(file: string, options: UserKeysOptions, isNamed: boolean): AsyncGenerator<Signer> {
  const text = await textOf(file)
  if (text === undefined) {
    if (isNamed) throw new LoginError(`the key file ${file} cannot be read`)
    return
  }
  const key = await open(file, parseKeyFile(text), options)
  if (key === undefined) return
  const signer = signerOf(key, file)
  const certificates = [`${file}-cert.pub`, ...options.config.certificateFiles]
  for (const certificate of certificates) {
    const line = await textOf(certificate)
    if (line !== undefined) yield withCertificate(signer, line)
  }
  yield signer
}

async function open(
  file: string,
  found: KeyFile,
  { ask, host, user }: UserKeysOptions,
): Promise<KeyObject | undefined> {
  if (found.kind === 'open') return found.key
  for (let attempt = 1; attempt <= mostAsked; attempt += 1) {
    const prompt = `Passphrase of ${file}`
    const passphrase = await ask.secret({ kind: 'passphrase', prompt, host, user, attempt })
    if (passphrase === undefined || passphrase === '') return undefined
    const key = found.unlock(passphrase)
    if (key !== undefined) return key
  }
  return undefined
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined // Not there, or not for us.
  }
}

function base64(blob: Uint8Array): string {
  return Buffer.from(blob).toString('base64')
}
