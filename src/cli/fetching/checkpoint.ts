import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { asError } from '../../core/error.ts'
import type { Entry } from '../../core/store.ts'
import { makeFolder } from '../../server/make-folder.ts'

/** More notes than this are not read back: their files are compared as any others. */
const longest = 64 * 1024 * 1024

/**
 * What a sync has brought whole. A run that is killed between a file's last byte and the setting of its time would look, at
 * the next run, as if the file had been changed: with its note it is known, and not brought again.
 */
export class Checkpoint {
  readonly #file: string
  readonly #earlier: ReadonlySet<string>
  readonly #told: (text: string) => void
  #fd: number | undefined
  #writable = true

  private constructor(file: string, earlier: ReadonlySet<string>, told: (text: string) => void) {
    this.#file = file
    this.#told = told
    this.#earlier = earlier
  }

  /** `told` hears once, if so, that no notes can be made: without them a sync is right all the same. */
  static async open(from: string, to: string, told: (text: string) => void): Promise<Checkpoint> {
    const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ferry', 'sync')
    const places = [from, to].map((place) => (place.includes('://') ? place : resolve(place)))
    const name = createHash('sha256').update(places.join('\n')).digest('hex').slice(0, 24)
    const file = join(folder, name)
    const checkpoint = new Checkpoint(file, await readNotes(file), told)
    try {
      await makeFolder(folder, 0o700)
    } catch (thrown) {
      checkpoint.#giveUp(thrown)
    }
    return checkpoint
  }

  /** Written at once and in one call, so that a killed run has noted all that it did. */
  note(what: 'whole' | 'begun', path: string, entry: Entry): void {
    if (!this.#writable) return
    try {
      this.#fd ??= openSync(this.#file, 'a', 0o600)
      writeSync(this.#fd, `${noteOf(what, path, entry)}\n`)
    } catch (thrown) {
      this.#giveUp(thrown)
    }
  }

  /** What an earlier run noted of a file. */
  noted(path: string, entry: Entry): 'whole' | 'begun' | undefined {
    if (this.#earlier.has(noteOf('whole', path, entry))) return 'whole'
    return this.#earlier.has(noteOf('begun', path, entry)) ? 'begun' : undefined
  }

  /** Writes no more. */
  close(): void {
    this.#writable = false
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
  }

  /** All is done: the next run compares anew. */
  async forget(): Promise<void> {
    const wasWritable = this.#writable
    this.close()
    try {
      await rm(this.#file, { force: true })
    } catch (thrown) {
      if (wasWritable) this.#giveUp(thrown)
    }
  }

  #giveUp(thrown: unknown): void {
    this.close()
    this.#told(
      `what is done cannot be noted, so a run that is cut off may bring files again: ${asError(thrown).message}`,
    )
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
