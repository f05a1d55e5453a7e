import { asError } from '../core/error.ts'
import { encodeText } from '../core/text.ts'
import { cleanText } from './clean-text.ts'
import { drained } from './drained.ts'
import { errorText, exitStatus, factsOf, isExpected } from './exit-status.ts'

/** How loud to be, and for whom. */
export interface Loudness {
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
}

/** What a command prints: results on stdout, and all else on stderr. */
export class Output {
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  /** Clears what stands on the terminal's last line, before another is written. */
  beforeLine: () => void = () => undefined
  #done = 0
  readonly #failed: number[] = []

  constructor({ json, quiet, verbose }: Loudness) {
    this.json = json
    this.quiet = quiet
    this.verbose = verbose
  }

  /** A result: a line for people, an object for programs. Waits while the reader is slow. */
  async result(text: string, object: object): Promise<void> {
    this.beforeLine()
    const line = this.json ? JSON.stringify(object) : text
    if (process.stdout.write(encodeText(`${line}\n`)) || process.stdout.destroyed) return
    await drained(process.stdout)
  }

  /** Something was done: told to those who want to hear it. */
  async did(text: string, object: object, loud: 'normal' | 'verbose' = 'normal'): Promise<void> {
    this.went()
    await this.told(text, object, loud)
  }

  /** The same of what is no deed of its own: a sum, or a directory for what is to come into it. */
  async told(text: string, object: object, loud: 'normal' | 'verbose' = 'normal'): Promise<void> {
    const isHeard = !this.quiet && (loud === 'normal' || this.verbose)
    if (this.json || isHeard) await this.result(text, object)
  }

  /** Something was done that there is no more to tell of. */
  went(): void {
    this.#done += 1
  }

  /** A name as it can be shown: on a terminal no letter of it is a command to the terminal. */
  name(text: string): string {
    return process.stdout.isTTY ? cleanText(text) : text
  }

  note(text: string): void {
    if (this.quiet || this.json) return
    this.beforeLine()
    process.stderr.write(`ferry: ${text}\n`)
  }

  /** Something went wrong; the rest may go on. */
  failed(thrown: unknown, about?: string): void {
    const error = asError(thrown)
    this.#failed.push(exitStatus(error))
    this.beforeLine()
    if (this.json) process.stdout.write(`${JSON.stringify(errorObject(error, about))}\n`)
    else {
      const bug = isExpected(error)
        ? ''
        : `this is a mistake in ferry, please report it: ${error.stack ?? ''}`
      process.stderr.write(`ferry: ${bug === '' ? errorText(error, about) : bug}\n`)
    }
  }

  /** What is to be told to the shell: the trouble itself if nothing was done, 1 if only a part was not. */
  get status(): number {
    const [first] = this.#failed
    if (first === undefined) return 0
    if (this.#failed.includes(130)) return 130
    const same = this.#failed.every((status) => status === first)
    return this.#done === 0 && same ? first : 1
  }
}

function errorObject(error: Error, about: string | undefined): object {
  const { hint, ...facts } = factsOf(error)
  return {
    error: error.message,
    kind: error.name,
    exit: exitStatus(error),
    ...('fault' in error ? { fault: error.fault } : {}),
    ...(about === undefined ? {} : { about }),
    ...facts,
    ...(hint === undefined ? {} : { hint }),
  }
}
