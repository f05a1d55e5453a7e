import type { Bringing } from '../fetching/bring.ts'
import type { OptionRows, Said } from '../options.ts'
import type { Shell } from './shell.ts'

/** What a verb of the shell is handed. */
export interface Call<Rows extends OptionRows = OptionRows> {
  readonly shell: Shell
  readonly said: Said<Rows>
  /** The words behind the verb that are no options. */
  readonly rest: readonly string[]
  /** All behind the verb, as it was typed. */
  readonly text: string
  readonly bringing: Bringing
  readonly print: (line: string) => Promise<void>
  /** Prints bytes as they are. */
  readonly write: (bytes: Uint8Array) => Promise<void>
}

/** One verb of the shell. */
export interface Verb {
  readonly usage: string
  readonly does: string
  readonly options: OptionRows
  /** Whose names its words are. */
  readonly names: 'remote' | 'local' | 'verbs' | 'bookmarks' | 'none'
  /** Its words are not looked at for options. */
  readonly plainWords?: boolean
  run(call: Call): Promise<void>
}

/** Makes a verb; what it is handed has the options that it names. */
export function verb<const Rows extends OptionRows>(row: {
  readonly usage: string
  readonly does: string
  readonly options?: Rows
  readonly names?: Verb['names']
  readonly plainWords?: boolean
  run(call: Call<Rows>): Promise<void>
}): Verb {
  return {
    usage: row.usage,
    does: row.does,
    options: row.options ?? {},
    names: row.names ?? 'none',
    plainWords: row.plainWords ?? false,
    run: (call) => row.run(call as Call<Rows>),
  }
}

/** The flags are known to others, and mean nothing here: what they ask for is done anyway. */
export const ignored = { type: 'boolean', does: '(as it is anyway)' } as const
