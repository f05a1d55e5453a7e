import type { Form } from './commands.ts'
import { askServer, keepingOptions, keepingWords } from './keeping-words.ts'
import { parseWords, type OptionRows } from './options.ts'
import { configuredWords } from './serving/configured-words.ts'
import { configShape, loadConfig } from './serving/serve-config.ts'
import type { Reloaded } from '../server/keeping.ts'
import { UsageError } from './usage-error.ts'

/** How it is typed. */
export const configForms: readonly Form[] = [
  { usage: 'check [FILE]', does: 'tells what is wrong with it, line by line; ferry.yaml if not said' },
  { usage: 'show [FILE]', does: 'tells what holds, and where each value was said' },
  { usage: 'schema', does: 'prints the JSON Schema of the file' },
  { usage: 'reload', does: 'has the running server read it anew' },
]

export const configOptions = {
  config: { ...keepingOptions.config, does: 'the ferry.yaml that is meant' },
  data: { ...keepingOptions.data, does: 'reload: the data folder of the server that is meant' },
} as const satisfies OptionRows

/** `ferry config check|show|schema|reload` */
export async function configCommand(words: readonly string[]): Promise<number> {
  const { said, rest } = parseWords('config', words, configOptions)
  const [verb, file = said.config ?? 'ferry.yaml', extra] = rest
  if (extra !== undefined) throw new UsageError(`"${extra}" is a word too many: one file at a time.`)
  switch (verb) {
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
      return check(file)
    case 'show':
      return show(file)
    case 'reload': {
      const { folder } = await keepingWords('config', words, keepingOptions)
      const answer = (await askServer(folder, { ask: 'reload' })) as Reloaded | undefined
      if (answer === undefined)
        throw new UsageError(`no server runs on ${folder}. Say which one: --data DIR.`)
      for (const problem of answer.problems) process.stderr.write(`${problem}\n`)
      return answer.whole ? 0 : 2
    }
    case undefined:
    default:
      throw new UsageError('say ferry config check, config show, config schema, or config reload.')
  }
}

/** Every problem with its line; the words of `ferry serve` are looked at as it would. */
async function check(file: string): Promise<number> {
  const loaded = await loadConfig(file)
  for (const problem of loaded.problems) process.stderr.write(`${problem}\n`)
  if (loaded.problems.length > 0) return 2
  try {
    configuredWords(loaded, [], file)
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown
    process.stderr.write(`${thrown.message}\n`)
    return 2
  }
  print(`${file} is right.`)
  return 0
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
