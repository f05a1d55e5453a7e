import { asError } from '../../core/error.ts'
import { expand, type Thing } from './expand.ts'
import type { Fetching } from './fetching.ts'
import { UsageError } from '../usage-error.ts'

/** Does the same with each word; when one fails that is told, and the next has its turn. */
export async function each(
  fetching: Fetching,
  words: readonly string[],
  work: (word: string) => Promise<void>,
): Promise<void> {
  for (const word of words) {
    try {
      await work(word)
      fetching.out.went()
    } catch (thrown) {
      if (fetching.signal.aborted || thrown instanceof UsageError) throw thrown
      fetching.out.failed(thrown, isNamed(word, asError(thrown)) ? undefined : word)
    }
  }
}

/** Whether an error says by itself what it is about: those of other machines do, and some of ours. */
function isNamed(word: string, { message }: Error): boolean {
  return word.includes('://') || message.startsWith(`${word} `) || message.endsWith(` ${word}`)
}

/** The same with each thing that the words mean. */
export function eachThing(
  fetching: Fetching,
  words: readonly string[],
  work: (thing: Thing) => Promise<void>,
  follow = true,
): Promise<void> {
  return each(fetching, words, async (word) => {
    for (const thing of await expand(fetching, word, follow)) await work(thing)
  })
}
