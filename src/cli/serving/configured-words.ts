import { UsageError } from '../usage-error.ts'
import type { LoadedConfig } from './serve-config.ts'
import { parseServeWords, type ServeWords } from './serve-options.ts'

/**
 * What a configuration asks for, and the words on the command line behind it. What is wrong by itself is told with its key and its
 * line; what is wrong together with something else stands at no place, and is told of `elsewhere`.
 */
export function configuredWords(
  { words, wordsOf, origins }: LoadedConfig,
  more: readonly string[] = [],
  elsewhere?: string,
): ServeWords {
  const wrong = wrongIn([...words, ...more])
  if (typeof wrong !== 'string') return wrong
  const [key, [option = '']] = [...wordsOf].find(([, some]) => wrongIn(some) === wrong) ?? ['', []]
  const place = origins.get(key) ?? elsewhere
  if (place === undefined) throw new UsageError(wrong)
  const [name = ''] = option.split('=')
  throw new UsageError(
    `${place}: ${name !== '' && wrong.startsWith(`${name} `) ? key + wrong.slice(name.length) : wrong}`,
  )
}

/** What the words ask for, or what is said against them. */
function wrongIn(words: readonly string[]): ServeWords | string {
  try {
    return parseServeWords(words)
  } catch (thrown) {
    if (thrown instanceof UsageError) return thrown.message
    throw thrown
  }
}
