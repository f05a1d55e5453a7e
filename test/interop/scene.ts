import assert from 'node:assert/strict'
import { createHash, randomFillSync } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { startFerry, type Ferry } from './ferry.ts'
import type { InteropClient, Outcome, Place, Way, WayOver } from './interop-client.ts'

/** Whether this machine can test IPv6. */
export const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
)

/** Where servers listen: one address each, or all. */
export type Host = '127.0.0.1' | '::1' | 'all addresses'

/** A folder that is served, a folder for the client, and the servers between them. */
export class Scene {
  readonly #client: InteropClient
  readonly #servers = new Map<Host, Ferry>()
  /** Where each server's story began for the check that runs. */
  readonly #since = new Map<Ferry, number>()
  #folder = ''

  constructor(client: InteropClient) {
    this.#client = client
  }

  async open(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'ferry-interop-'))
    await mkdir(this.served())
    await mkdir(this.local())
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.stop()))
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** A place on the disk below what is served. */
  served(path = ''): string {
    return join(this.#folder, 'served', path)
  }

  /** A place on the disk in the client's folder. */
  local(path = ''): string {
    return join(this.#folder, 'client', path)
  }

  /** Where the client goes when nothing else is asked for. */
  async usual(host: Host = '127.0.0.1'): Promise<Place> {
    return this.#place(host, this.#client.usualWay)
  }

  async at(wayOver: WayOver): Promise<Place> {
    return this.#place(wayOver.endsWith('IPv6') ? '::1' : '127.0.0.1', wayOver.slice(0, 4) as Way)
  }

  async server(host: Host = '127.0.0.1'): Promise<Ferry> {
    const running = this.#servers.get(host)
    if (running !== undefined) return running
    const words = host === 'all addresses' ? [] : ['--host', host]
    const server = await startFerry(this.served(), '--verbose', ...words)
    this.#servers.set(host, server)
    return server
  }

  /** A check begins: what the servers tell from here on is its story. */
  begin(): void {
    for (const server of this.#servers.values()) this.#since.set(server, server.lines.length)
  }

  /** Where a server's story began. */
  since(server: Ferry): number {
    return this.#since.get(server) ?? 0
  }

  /** What clients and servers have said to one another since the check began. */
  transcript(): string {
    return [...this.#servers.values()].map((server) => server.transcript(this.since(server))).join('\n')
  }

  async #place(host: Host, way: Way): Promise<Place> {
    const { address, port } = await this.server(host)
    return { host: address, port, user: 'u', password: 'p', way, folder: this.local() }
  }
}

/** A folder that is gone when the test is over. */
export async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-interop-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Fails with all that the client printed if it did not do what it was asked for. */
export function done(outcome: Outcome): Outcome {
  assert.ok(outcome.ok, `the client failed:\n${outcome.command}\n${outcome.printed}`)
  return outcome
}

/** Makes a file of random bytes. */
export async function makeFile(path: string, size: number): Promise<void> {
  await writeFile(path, randomFillSync(Buffer.allocUnsafe(size)))
}

export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 }))
    hash.update(piece as Buffer)
  return hash.digest('hex')
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}

/** Looks again and again until something on the disk is so. */
export async function until(what: string, so: () => Promise<boolean>): Promise<void> {
  const deadline = AbortSignal.timeout(20_000)
  while (!(await so())) {
    if (deadline.aborted) throw new Error(`it did not come true within 20 s: ${what}`)
    await delay(2)
  }
}

/** How many bytes the files in a folder have, whatever their names. */
export async function bytesIn(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue
    try {
      bytes += (await stat(join(entry.parentPath, entry.name))).size
    } catch {
      // It was renamed just now.
    }
  }
  return bytes
}
