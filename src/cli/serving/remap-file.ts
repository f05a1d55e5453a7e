import { readFile } from 'node:fs/promises'
import { asFileError } from '../../stores/disk/faults.ts'
import { parseRemap, type Remap } from '../../tftp/server/remap.ts'
import { UsageError } from '../usage-error.ts'

/** A file of rules for names, which can be read anew while it is in use. */
export class RemapFile {
  /** By the rules that were read last and were good. */
  readonly remap: Remap = (asked) => this.#rules(asked)
  readonly #path: string
  #rules: Remap

  private constructor(path: string, rules: Remap) {
    this.#path = path
    this.#rules = rules
  }

  static async open(path: string): Promise<RemapFile> {
    try {
      return new RemapFile(path, await read(path))
    } catch (thrown) {
      throw new UsageError(`the remap file ${path} cannot be used: ${asFileError(thrown).message}.`)
    }
  }

  /** Reads the file anew: what is wrong with it, and then the rules stay as they were. */
  async look(): Promise<readonly string[]> {
    try {
      this.#rules = await read(this.#path)
      return []
    } catch (thrown) {
      const reason = asFileError(thrown).message
      return [`the remap file ${this.#path} is not taken, the rules stay as they were: ${reason}`]
    }
  }
}

async function read(path: string): Promise<Remap> {
  return parseRemap(await readFile(path, 'utf8'))
}
