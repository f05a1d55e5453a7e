import type { Reply } from '../../wire/reply.ts'
import type { FtpSession } from './session.ts'
import { NotTogether } from './say-together.ts'

/** Asks several questions: in one round trip where the server takes that, else one after another until one is refused. */
export async function askEach(session: FtpSession, questions: readonly string[]): Promise<readonly Reply[]> {
  const { house, control } = session
  if (house.together.mayBegin) {
    const replies = await session.askTogether(questions)
    if (replies.length === questions.length) return replies
    throw new NotTogether(`${questions[replies.length]} was not answered`)
  }
  const replies: Reply[] = []
  for (const question of questions) {
    const reply = await control.ask(question)
    session.used = true
    replies.push(reply)
    if (reply.code >= 400) break
  }
  return replies
}
