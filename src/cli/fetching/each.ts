import { asError } from '../../core/error.ts'
import { aboutOf } from './about-of.ts'
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
      fetching.out.failed(thrown, aboutOf(word, asError(thrown)))
    }
  }
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
