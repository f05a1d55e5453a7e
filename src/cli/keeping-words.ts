import { parseArgs } from 'node:util'
import { askControl } from '../net/control-socket.ts'
import { DatabaseError } from '../database/database.ts'
import { openRegister, type Data } from '../server/data.ts'
import { usualDataFolder } from '../server/data-folder.ts'
import { controlPath } from '../server/keeping.ts'
import { loadConfig } from './serve-config.ts'
import { UsageError } from './usage-error.ts'

/** What the commands that keep a server have in common. */
export interface KeepingWords {
  readonly rest: readonly string[]
  readonly folder: string
  readonly file: string | undefined
  readonly values: Readonly<Record<string, string | boolean | undefined>>
}

const common = {
  data: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

/** Reads their words: `--data` or `--config` says which server. */
export async function keepingWords(
  words: readonly string[],
  more: Readonly<Record<string, { type: 'string' | 'boolean' }>> = {},
): Promise<KeepingWords> {
  let values: Record<string, string | boolean | undefined>
  let rest: readonly string[]
  try {
    const parsed = parseArgs({ args: [...words], allowPositionals: true, options: { ...common, ...more } })
    values = { ...parsed.values }
    rest = parsed.positionals
  } catch (thrown) {
    const [first = ''] = (thrown instanceof Error ? thrown.message : String(thrown)).split('. ')
    throw new UsageError(`${first.replace(/\.$/u, '')}. "ferry help" lists the options.`)
  }
  const file = typeof values['config'] === 'string' ? values['config'] : undefined
  const said = file === undefined ? {} : (await loadConfig(file)).said
  const folder = [values['data'], said['data'], usualDataFolder()].find((one) => typeof one === 'string')
  return { rest, folder: folder ?? '', file, values }
}

/** Opens the database beside a server that may run. */
export async function openKept(folder: string): Promise<Data> {
  try {
    return await openRegister(folder)
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new UsageError(
      thrown instanceof DatabaseError ? why : `the data folder ${folder} cannot be opened: ${why}.`,
    )
  }
}

/** Asks the running server of a data folder; undefined: none runs. */
export async function askServer(folder: string, question: unknown): Promise<unknown> {
  try {
    return await askControl(controlPath(folder), question)
  } catch (thrown) {
    throw new UsageError(
      `the server of ${folder} cannot be asked: ${thrown instanceof Error ? thrown.message : ''}.`,
    )
  }
}

/** Asks the running server, which must be there. */
export async function mustAsk(folder: string, question: unknown): Promise<unknown> {
  const answer = await askServer(folder, question)
  if (answer === undefined) throw new UsageError(`no server runs on ${folder}. Say which one: --data DIR.`)
  return answer
}
