import { asError } from '../../core/error.ts'
import { Fetching } from './fetching.ts'
import { commonOptions, parseWords, type OptionRows, type Said } from '../options.ts'
import { Output } from '../output.ts'
import { UsageError } from '../usage-error.ts'

/** A command that fetches: its own options (for the help), and how to run it. */
export interface FetchCommand {
  readonly options: OptionRows
  run(words: readonly string[]): Promise<number>
}

/** What a command does once its words are read: what it throws is told, and becomes the exit status. */
type Work<Rows extends OptionRows> = (
  fetching: Fetching,
  said: Said<Rows>,
  rest: readonly string[],
) => Promise<void>

/** Makes a command of its options and its work. Ctrl-C ends the work and tells so; a second one ends the process. */
export function fetchCommand<Rows extends OptionRows>(
  name: string,
  options: Rows,
  work: Work<Rows>,
): FetchCommand {
  return {
    options,
    async run(words) {
      const begun = begin(name, words, { ...commonOptions, ...options })
      if (begun === undefined) return 2
      const { fetching, said, rest } = begun
      let interrupts = 0
      const interrupt = (): void => {
        interrupts += 1
        if (interrupts > 1) process.exit(130)
        fetching.interrupt()
      }
      process.on('SIGINT', interrupt)
      process.on('SIGTERM', interrupt)
      // Nobody reads any more (`ferry ls … | head`): there is no need to go on.
      let readerGone = false
      process.stdout.once('error', () => {
        readerGone = true
        fetching.interrupt()
      })
      try {
        await work(fetching, said, rest)
      } catch (thrown) {
        const error = asError(thrown)
        if (error instanceof UsageError && !fetching.out.json) throw error
        if (!readerGone) fetching.out.failed(fetching.signal.aborted ? fetching.signal.reason : error)
      } finally {
        await fetching[Symbol.asyncDispose]()
        process.off('SIGINT', interrupt)
        process.off('SIGTERM', interrupt)
      }
      return fetching.out.status
    },
  }
}

/** Reads the words; undefined: they are wrong, and a program that reads JSON was told so. */
function begin<Rows extends OptionRows & typeof commonOptions>(
  name: string,
  words: readonly string[],
  rows: Rows,
): { fetching: Fetching; said: Said<Rows>; rest: readonly string[] } | undefined {
  try {
    const { said, rest } = parseWords(name, words, rows)
    return { fetching: new Fetching(said), said, rest }
  } catch (thrown) {
    if (!(thrown instanceof UsageError && words.includes('--json'))) throw thrown
    new Output({ json: true, quiet: false, verbose: false }).failed(thrown)
    return undefined
  }
}

/** The words that a command needs, or a sentence about what is missing. */
export function atLeast(command: string, rest: readonly string[], count: number, what: string): void {
  if (rest.length >= count) return
  throw new UsageError(`"ferry ${command}" needs ${what}. "ferry help ${command}" shows how it is typed.`)
}
