import fs from 'node:fs'
import type { HostPath } from './calls.ts'

/** The names in a directory, piece by piece, each byte as one character: most names are ASCII, and so need no more. */
export interface Names {
  /** Some more; none at the end. */
  next(): Promise<readonly string[]>
  close(): Promise<void>
}

const batchSize = 1000

/** Reads a directory as it goes. The system must tell the kinds of names, or Node would look at each, and wait for it. */
export async function streamNames(at: HostPath): Promise<Names> {
  return new NameStream(await openDirectory(at))
}

/** Gives away what was read at once. */
export function givenNames(all: readonly string[]): Names {
  let given = 0
  return {
    async next() {
      given += batchSize
      return all.slice(given - batchSize, given)
    },
    close: async () => undefined,
  }
}

/** While a batch is being worked on, the thread pool reads the next. */
class NameStream implements Names {
  readonly #directory: fs.Dir
  #coming: Promise<fs.Dirent | null>

  constructor(directory: fs.Dir) {
    this.#directory = directory
    this.#coming = this.#read()
  }

  async next(): Promise<readonly string[]> {
    let entry = await this.#coming
    if (entry === null) return []
    const names: string[] = []
    // The first of a batch was waited for, the others lie ready, so that `readSync` does not wait for the disk.
    while (entry !== null) {
      names.push(entry.name)
      if (names.length === batchSize) break
      entry = this.#directory.readSync()
    }
    this.#coming = entry === null ? Promise.resolve(null) : this.#read()
    return names
  }

  async close(): Promise<void> {
    await this.#coming.catch(() => undefined)
    await this.#directory.close()
  }

  #read(): Promise<fs.Dirent | null> {
    const coming = new Promise<fs.Dirent | null>((resolve, reject) => {
      this.#directory.read((error, entry) => (error ? reject(error) : resolve(entry)))
    })
    coming.catch(() => undefined) // told when the batch is asked for, if ever
    return coming
  }
}

function openDirectory(at: HostPath): Promise<fs.Dir> {
  const options = { encoding: 'latin1', bufferSize: batchSize } as const
  return new Promise((resolve, reject) => {
    fs.opendir(at, options, (error, directory) => (error ? reject(error) : resolve(directory)))
  })
}
