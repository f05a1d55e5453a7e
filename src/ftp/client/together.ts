import { NetworkError } from '../../core/error.ts'
import type { Reply } from '../wire/reply.ts'
import type { Control } from './control.ts'
import type { ClientHouse } from './house.ts'
import type { FtpSession } from './session.ts'
import type { Way } from './way.ts'

/** How long a server may take to answer the second of two commands when nobody knows yet whether it does. */
const firstPatienceMs = 5000

/**
 * Whether a server takes commands that are sent before the one in front of them is answered. RFC 959 forbids it to nobody, and
 * it spares a round trip for each; but some servers read one line of what has come and drop the rest, and firewalls that look
 * into FTP may cut it (Cisco's `inspect ftp strict`). So nothing is sent so that could not be done again alone, the first time
 * has little patience, and after trouble everything goes one by one.
 */
export class Together {
  #state: 'untried' | 'expected' | 'works' | 'fails' = 'untried'
  #reached: Way | undefined

  /** Whether what can be done again at no cost may go so, though nothing has yet. */
  get mayBegin(): boolean {
    return this.#state === 'expected' || this.#state === 'works'
  }

  /** Whether they have gone so, and were answered. */
  get hasWorked(): boolean {
    return this.#state === 'works'
  }

  /** By its greeting the server is one that is known to take them. */
  expect(): void {
    if (this.#state === 'untried') this.#state = 'expected'
  }

  get fails(): boolean {
    return this.#state === 'fails'
  }

  /** A transfer has begun by this way, so that it is known to lead somewhere. */
  reached(way: Way): void {
    this.#reached = way
  }

  hasReached(way: Way | undefined): boolean {
    return this.#reached === way
  }

  works(): void {
    if (this.#state !== 'fails') this.#state = 'works'
  }

  failed(): void {
    this.#state = 'fails'
  }

  patienceMs(silenceMs: number): number {
    return this.#state === 'works' ? silenceMs : Math.min(silenceMs, firstPatienceMs)
  }
}

/** Two commands went together and came to nothing. The session is gone; the same may be done alone in another. */
export class NotTogether extends Error {
  constructor(cause: unknown) {
    super('two commands that were sent together were not both answered', { cause })
    this.name = 'NotTogether'
  }
}

/** Notes that the server is not to be asked so again, and ends the session, whose replies may come late. */
export function giveUpTogether(house: ClientHouse, control: Control, why: string): void {
  if (!house.together.fails) house.said('note', `commands are sent one by one from now on: ${why}`)
  house.together.failed()
  control.destroy()
}

/** Sends commands in one write, and gives their replies. Those that do not come are missing, and the session is over then. */
export async function askTogether(session: FtpSession, lines: readonly string[]): Promise<readonly Reply[]> {
  session.used = true
  return sayTogether(session.house, session.control, lines)
}

/** The same, of a session that is still being made. */
export async function sayTogether(
  house: ClientHouse,
  control: Control,
  lines: readonly string[],
): Promise<readonly Reply[]> {
  const replies: Reply[] = []
  try {
    await control.sendTogether(lines)
    while (replies.length < lines.length) {
      const reply = await control.reply(house.together.patienceMs(house.silenceMs))
      if (reply.code === 421) throw new NetworkError('closed', 'the server ends the session')
      replies.push(reply)
    }
    house.together.works()
  } catch (thrown) {
    if (!(thrown instanceof NetworkError)) throw thrown
    giveUpTogether(house, control, thrown.message)
  }
  return replies
}
