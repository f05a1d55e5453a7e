import type { Recording } from './recorder.ts'
import type { Server, SessionNow } from './serve.ts'

/** One of the workers of a server. */
export interface WorkerNow {
  /** Each that is started has another; those that follow who has ended count on. */
  readonly number: number
  /** Milliseconds since 1970. */
  readonly began: number
  readonly sessions: number
  readonly transfers: number
}

/** A running server as those see it who keep it: one that runs in this thread, or one with workers, which answers later. */
export interface Running extends Pick<
  Server,
  'listeners' | 'change' | 'limit' | 'recount' | 'drain' | 'close'
> {
  sessions(): readonly SessionNow[] | Promise<readonly SessionNow[]>
  kick(id: string, reason: string): boolean | Promise<boolean>
  /** None where it has no workers. */
  workers?(): Promise<readonly WorkerNow[]>
  /** The dialogue of a session, where that is kept by its worker. */
  recording?(id: string): Promise<Recording | undefined>
  /** How many sessions workers keep with their dialogue from now on. */
  record?(most: number): void
}
