import type { Request } from '../packet.ts'
import { Asking, type Answer, type Refused } from './asking.ts'
import type { ClientHouse } from './house.ts'

/** Asks for a file, or to take one: with options, and once more without them where the server trips over those. */
export async function ask(
  house: ClientHouse,
  request: Request,
  signal: AbortSignal | undefined,
): Promise<Answer | Refused> {
  const plain = { ...request, options: [] }
  if (house.learned.options === 'it trips over them') return new Asking(house, plain).run(signal)
  const answer = await new Asking(house, request).run(signal)
  if (!('refused' in answer)) {
    if (answer.plainly) house.learned.options = 'it trips over them'
    return answer
  }
  if (request.options.length === 0 || !mayMeanOptions.has(answer.refused.code)) return answer
  house.say('note', 'Once more without options, as it may be these that were refused.')
  const second = await new Asking(house, plain).run(signal)
  if (!('refused' in second)) house.learned.options = 'it trips over them'
  return second
}

/** 8 is RFC 2347's; servers that are older than it say 4 (no such operation), or 0 and a text. */
const mayMeanOptions: ReadonlySet<number> = new Set([0, 4, 8])
