import { askServer, keepingWords } from './keeping-words.ts'
import { parseServeWords } from './serve-options.ts'
import { configShape, loadConfig } from './serve-config.ts'
import type { Reloaded } from '../server/keeping.ts'
import { UsageError } from './usage-error.ts'

/** `ferry config check|show|schema|reload [--config FILE]` */
export async function configCommand(words: readonly string[]): Promise<number> {
  const { rest, file = 'ferry.yaml', folder } = await keepingWords(words)
  switch (rest[0]) {
    case 'schema':
      print(
        JSON.stringify(
          {
            $schema: 'https://json-schema.org/draft/2020-12/schema',
            title: 'ferry.yaml',
            ...configShape.schema,
          },
          undefined,
          2,
        ),
      )
      return 0
    case 'check':
      return check(rest[1] ?? file)
    case 'show':
      return show(rest[1] ?? file)
    case 'reload': {
      const answer = (await askServer(folder, { ask: 'reload' })) as Reloaded | undefined
      if (answer === undefined)
        throw new UsageError(`no server runs on ${folder}. Say which one: --data DIR.`)
      for (const problem of answer.problems) process.stderr.write(`${problem}\n`)
      return answer.taken ? 0 : 2
    }
    case undefined:
    default:
      throw new UsageError('say ferry config check, config show, config schema, or config reload.')
  }
}

/** Every problem with its line; the words of `ferry serve` are looked at as it would. */
async function check(file: string): Promise<number> {
  const { problems, words, wordsOf, origins } = await loadConfig(file)
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  if (problems.length > 0) return 2
  const wrong = wrongIn(words)
  if (wrong === undefined) {
    print(`${file} is right.`)
    return 0
  }
  // What is wrong by itself stands at a place; what is wrong together with something else does not.
  const [key = ''] = [...wordsOf].find(([, some]) => some.length > 0 && wrongIn(some) === wrong) ?? []
  process.stderr.write(`${origins.get(key) ?? file}: ${wrong}\n`)
  return 2
}

/** What `ferry serve` would say against these words. */
function wrongIn(words: readonly string[]): string | undefined {
  try {
    parseServeWords(words)
    return undefined
  } catch (thrown) {
    if (thrown instanceof UsageError) return thrown.message
    throw thrown
  }
}

/** What holds, and where it was said. */
async function show(file: string): Promise<number> {
  const { problems, said, origins } = await loadConfig(file)
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  if (problems.length > 0) return 2
  for (const [path, origin] of origins) {
    const value = path
      .split('.')
      .reduce<unknown>(
        (at, key) =>
          typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined,
        said,
      )
    const secret = /secret|^user(?:\.|$)/u.test(path)
    print(`${path}: ${secret ? '****' : JSON.stringify(value)}  # ${origin}`)
  }
  return 0
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
