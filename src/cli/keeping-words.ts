import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { askControl } from '../net/control-socket.ts'
import { DatabaseError } from '../database/database.ts'
import { databaseName, openRegister, type Data } from '../server/data.ts'
import { usualDataFolder } from '../server/data-folder.ts'
import { controlPath } from '../server/keeping.ts'
import { parseWords, type OptionRows, type Said } from './options.ts'
import { loadConfig } from './serving/serve-config.ts'
import { UsageError } from './usage-error.ts'

/** What every command that keeps a server takes. */
export const keepingOptions = {
  data: { type: 'string', value: 'DIR', does: 'the data folder of the server that is meant' },
  config: { type: 'string', value: 'FILE', does: 'or the ferry.yaml that names it' },
  json: { type: 'boolean', does: 'answer in JSON' },
} as const satisfies OptionRows

type KeepingOptions = typeof keepingOptions

/** What the words behind such a command say. */
export interface KeepingWords<Rows extends OptionRows = KeepingOptions> {
  readonly rest: readonly string[]
  /** The data folder. */
  readonly folder: string
  readonly file: string | undefined
  readonly said: Said<Rows>
}

/** Reads them; `--data`, `--config` or the environment says which server. */
export async function keepingWords<Rows extends KeepingOptions>(
  command: string,
  words: readonly string[],
  rows: Rows,
): Promise<KeepingWords<Rows>> {
  const { said, rest } = parseWords(command, words, rows)
  const { data, config: file }: Said<KeepingOptions> = said
  const { said: configured, problems } = await loadConfig(file)
  if (problems.length > 0) throw new UsageError(problems.join('\n'))
  const folder = data ?? configured['data']
  return { rest, folder: typeof folder === 'string' ? folder : usualDataFolder(), file, said }
}

/** Opens the database beside a server that may run; where there is none it is made. */
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

/** Opens the database that is there; undefined: nothing was kept in that folder yet. */
export async function openIfKept(folder: string): Promise<Data | undefined> {
  try {
    await stat(join(folder, databaseName))
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
  }
  return openKept(folder)
}

/** Opens the database that must be there. */
export async function mustOpenKept(folder: string): Promise<Data> {
  const data = await openIfKept(folder)
  if (data !== undefined) return data
  throw new UsageError(`nothing was kept in ${folder} yet. Say which data folder is meant: --data DIR.`)
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
