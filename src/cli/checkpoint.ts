import { createHash } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Entry } from '../core/store.ts'

/** More notes than this are not read back: their files are compared as any others. */
const longest = 64 * 1024 * 1024

/**
 * What a sync has brought whole. A run that is killed between a file's last byte and the setting of its time would look, at
 * the next run, as if the file had been changed: with its note it is known, and not brought again.
 */
export class Checkpoint {
  readonly #file: string
  readonly #earlier: ReadonlySet<string>
  #writable = true

  private constructor(file: string, earlier: ReadonlySet<string>) {
    this.#file = file
    this.#earlier = earlier
  }

  static async open(from: string, to: string): Promise<Checkpoint> {
    const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ferry', 'sync')
    const places = [from, to].map((place) => (place.includes('://') ? place : resolve(place)))
    const name = createHash('sha256').update(places.join('\n')).digest('hex').slice(0, 24)
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => undefined)
    const file = join(folder, name)
    return new Checkpoint(file, await readNotes(file))
  }

  /** Written at once and in one call, so that a killed run has noted all that it did. */
  note(what: 'whole' | 'begun', path: string, entry: Entry): void {
    if (!this.#writable) return
    try {
      appendFileSync(this.#file, `${noteOf(what, path, entry)}\n`, { mode: 0o600 })
    } catch {
      // Without notes a sync is right all the same, it only may bring a file again.
      this.#writable = false
    }
  }

  /** What an earlier run noted of a file. */
  noted(path: string, entry: Entry): 'whole' | 'begun' | undefined {
    if (this.#earlier.has(noteOf('whole', path, entry))) return 'whole'
    return this.#earlier.has(noteOf('begun', path, entry)) ? 'begun' : undefined
  }

  /** All is done: the next run compares anew. */
  async forget(): Promise<void> {
    await rm(this.#file, { force: true }).catch(() => undefined)
  }
}

function noteOf(what: string, path: string, { size, modified }: Entry): string {
  return JSON.stringify([what, path, size, modified.getTime()])
}

async function readNotes(file: string): Promise<ReadonlySet<string>> {
  try {
    const text = await readFile(file, 'utf8')
    return new Set(text.length > longest ? [] : text.split('\n'))
  } catch {
    return new Set()
  }
}
