import { randomBytes } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { makeFolder } from './make-folder.ts'

/** Where a server keeps what outlives a run: keys, certificates, accounts. Nobody else on the machine may look in. */
export interface DataFolder {
  readonly path: string
  /** The path of a file in it. */
  file(name: string): string
  /** What was kept under this name before, or what `make` gives now: two servers that start at once keep the same. */
  keep(name: string, make: () => Promise<Uint8Array>): Promise<Uint8Array>
  /** Puts new content under a name, in one step. */
  replace(name: string, content: Uint8Array): Promise<void>
}

/** Opens the folder, and makes it when it is missing. */
export async function dataFolder(path: string): Promise<DataFolder> {
  await makeFolder(path, 0o700)
  const file = (name: string): string => join(path, name)
  return { path, file, keep, replace }

  async function keep(name: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const kept = await readIfThere(file(name))
    if (kept !== undefined) return kept
    const fresh = await writeBeside(name, await make())
    try {
      await link(fresh, file(name))
    } catch (thrown) {
      if (codeOf(thrown) !== 'EEXIST') throw thrown
    } finally {
      await rm(fresh, { force: true })
    }
    return readFile(file(name))
  }

  async function replace(name: string, content: Uint8Array): Promise<void> {
    await rename(await writeBeside(name, content), file(name))
  }

  async function writeBeside(name: string, content: Uint8Array): Promise<string> {
    const fresh = `${file(name)}.${randomBytes(6).toString('hex')}`
    await writeFile(fresh, content, { mode: 0o600, flag: 'wx', flush: true })
    return fresh
  }
}

/** Where it is when nobody says: `/var/lib/ferry` for root, `~/.local/state/ferry` for others (XDG). */
export function usualDataFolder(): string {
  if (process.getuid?.() === 0) return '/var/lib/ferry'
  return join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'ferry')
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path)
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return undefined
    throw thrown
  }
}

function codeOf(thrown: unknown): unknown {
  return Error.isError(thrown) && 'code' in thrown ? thrown.code : undefined
}
