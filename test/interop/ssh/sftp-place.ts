import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryAccounts } from '../../../src/accounts/memory.ts'
import type { ServerEvent } from '../../../src/core/event.ts'
import type { Store } from '../../../src/core/store.ts'
import { serve, type Server } from '../../../src/server/serve.ts'
import type { SftpListener } from '../../../src/server/sftp-listener.ts'
import { diskStore, type DiskStore } from '../../../src/stores/disk.ts'

/** What `ssh-keygen` can make, and what we take. */
export const keyKinds = ['ed25519', 'ecdsa', 'rsa'] as const

/** An SFTP server on loopback over a folder, for `u` with the password `p` or one of the keys in the folder `keys`. */
export class SftpPlace implements AsyncDisposable {
  readonly folder: string
  readonly events: ServerEvent[]
  readonly #server: Server
  readonly #store: DiskStore

  constructor(folder: string, server: Server, store: DiskStore, events: ServerEvent[]) {
    this.folder = folder
    this.events = events
    this.#server = server
    this.#store = store
  }

  get port(): string {
    return String(this.#server.listeners[0]?.port ?? 0)
  }

  get fingerprint(): string {
    return this.#server.listeners[0]?.fingerprint ?? ''
  }

  /** The path of a private key. */
  key(kind: (typeof keyKinds)[number]): string {
    return join(this.folder, kind)
  }

  /** What the server says was agreed on, connection by connection. */
  get agreed(): readonly string[] {
    return this.events.flatMap((event) =>
      event.kind === 'said' && event.line.startsWith('agreed: ') ? [event.line.slice('agreed: '.length)] : [],
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close()
    await this.#store.close()
    await rm(this.folder, { recursive: true, force: true })
    const bug = this.events.find(({ kind }) => kind === 'bug')
    if (bug !== undefined) throw new Error(`the server had a bug: ${JSON.stringify(bug)}`)
  }
}

/** `more`: public keys that let `u` in besides. */
export async function sftpPlace(listener: SftpListener = {}, ...more: Uint8Array[]): Promise<SftpPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-ssh-'))
  for (const kind of keyKinds) {
    const words = ['-q', '-t', kind, '-N', '', '-C', '', '-f', join(folder, kind)]
    const made = spawnSync('ssh-keygen', words, { encoding: 'utf8' })
    if (made.status !== 0) throw new Error(`ssh-keygen: ${made.stderr}`)
  }
  const keys = await Promise.all(
    keyKinds.map(async (kind) => {
      const [, blob = ''] = (await readFile(join(folder, `${kind}.pub`), 'utf8')).split(' ')
      return Buffer.from(blob, 'base64')
    }),
  )
  const store = await diskStore(folder)
  const home: Store = store
  const events: ServerEvent[] = []
  const server = await serve({
    accounts: memoryAccounts([{ name: 'u', password: 'p', keys: [...keys, ...more], home }]),
    ftp: 'off',
    sftp: { host: '127.0.0.1', port: 0, transcript: true, ...listener },
    events: { emit: (event) => void events.push(event) },
  })
  return new SftpPlace(folder, server, store, events)
}
