import { NetworkError } from '../../../core/error.ts'
import type { Reply } from '../../wire/reply.ts'
import type { Control } from './control.ts'
import type { ClientHouse } from '../house.ts'

/** Sends commands in one write, and gives their replies. Those that do not come are missing, and the session is over then. */
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
