import type { Request } from '../packet.ts'
import { Asking, type Answer, type Refused } from './asking.ts'
import type { ClientHouse } from './house.ts'

/** Asks for a file, or to take one: with options, and once more without them where the server trips over those. */
export async function ask(
  house: ClientHouse,
  request: Request,
  signal: AbortSignal | undefined,
): Promise<Answer | Refused> {
  const answer = await new Asking(house, request).run(signal)
  if (!('refused' in answer) || request.options.length === 0 || !mayMeanOptions.has(answer.refused.code))
    return answer
  house.say('note', 'Once more without options, as it may be these that were refused.')
  return new Asking(house, { ...request, options: [] }).run(signal)
}

/** 8 is RFC 2347's; servers that are older than it say 4 (no such operation), or 0 and a text. */
const mayMeanOptions: ReadonlySet<number> = new Set([0, 4, 8])
