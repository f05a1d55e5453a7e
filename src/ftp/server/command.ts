import type { Reply } from '../wire/reply.ts'
import type { LoggedIn } from './logged-in.ts'
import type { Visit } from './visit.ts'

interface Row {
  /** Its syntax and what it does, as HELP prints it. */
  readonly help: string
  /** `needed`: without one the answer is 501. */
  readonly argument?: 'needed'
  /** May be answered while a transfer runs. */
  readonly urgent?: true
  /** Its line in FEAT; empty: none now. */
  readonly feature?: string | ((visit: Visit) => string)
}

/** A row of the command table: what a command needs, and what it does. It returns the final reply. */
export type Command = Row &
  (
    | { readonly needs: 'nothing'; run(visit: Visit, argument: string): Promise<Reply> | Reply }
    | { readonly needs: 'login'; run(login: LoggedIn, argument: string): Promise<Reply> | Reply }
  )

/** Rows by verb. */
export type CommandTable = Readonly<Record<string, Command>>
