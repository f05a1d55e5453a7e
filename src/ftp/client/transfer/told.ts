import { dayMs } from '../../../core/day.ts'
import { NetworkError } from '../../../core/error.ts'
import { nameOf, type Path } from '../../../core/path.ts'
import type { Entry } from '../../../core/store.ts'
import { askEach } from '../session/ask-each.ts'
import { entryInMlst } from '../listing/entry-in-mlst.ts'
import type { FtpSession } from '../session/session.ts'
import { sizeIn, sizeLine } from '../listing/size-of.ts'
import { timeIn } from '../listing/time-in.ts'
import { NotTogether } from '../session/say-together.ts'

/** What a server tells of a file beside a transfer, by which another version of it is known. What it does not tell is undefined. */
export interface Told {
  readonly size: number | undefined
  readonly modified: Date | undefined
  /** RFC 3659 `unique`. */
  readonly id: string | undefined
  /** Whether the time is told each time in the same words; LIST, which MDTM is compared with, tells minutes of an unknown zone. */
  readonly isExact: boolean
}

/** What became of a file: `replaced` is another one under the same name, so that who had the old one open got that. */
export type Became = 'same' | 'grown' | 'replaced' | 'changed'

/** Asks for the size, as TYPE A or I counts it, and for what tells one version of a file from another: in one write where that is taken. */
export async function askTold(session: FtpSession, path: Path, type: 'I' | 'A'): Promise<Told> {
  await session.type(type)
  const byFacts = session.can('MLST')
  const hasTimes = byFacts || session.can('MDTM') || session.features.length === 0
  const timed = hasTimes ? [byFacts ? `MLST ${path}` : `MDTM ${path}`] : []
  const [sized, told] = await askEach(session, [sizeLine(path), ...timed])
  const entry = byFacts && told !== undefined ? await entryInMlst(session, told, nameOf(path)) : undefined
  const modified = byFacts ? entry?.modified : told === undefined ? undefined : timeIn(told)
  return {
    size: sized === undefined ? undefined : sizeIn(sized),
    modified: isTime(modified) ? modified : undefined,
    id: entry?.id,
    isExact: true,
  }
}

/** The same of a file of which all has come: undefined where nobody tells, and nothing is the worse for it. */
export async function askToldLast(
  session: FtpSession,
  path: Path,
  type: 'I' | 'A',
): Promise<Told | undefined> {
  try {
    return await askTold(session, path, type)
  } catch (thrown) {
    if (thrown instanceof NetworkError || thrown instanceof NotTogether) return undefined
    throw thrown
  }
}

/** What an entry of this server tells. */
export function toldBy({ size, rounded, modified, isVague, id }: Entry): Told {
  return {
    size: rounded === true ? undefined : size,
    modified: isTime(modified) ? modified : undefined,
    id,
    isExact: isVague !== true,
  }
}

/** Whether it is another version than before, as far as both were told. What only grew is another one too: nobody can tell. */
export function isAnother(before: Told, now: Told): boolean {
  return hasOther(before.id, now.id) || hasOther(before.size, now.size) || hasOtherTime(before, now)
}

/** What a file became while so many bytes of it came, which the server called all. */
export function became(before: Told, after: Told, arrived: number, type: 'I' | 'A'): Became {
  if (!hasOtherTime(before, after) && !hasOther(before.id, after.id)) return 'same'
  if (before.size === undefined || after.size === undefined) return 'changed'
  if (hasOther(before.id, after.id)) return arrived === before.size ? 'replaced' : 'changed'
  // In TYPE A some tell what the file has in TYPE I.
  const isBetween = type === 'A' || (arrived >= before.size && arrived <= after.size)
  return after.size > before.size && isBetween ? 'grown' : 'changed'
}

function hasOther<Value>(before: Value | undefined, now: Value | undefined): boolean {
  return before !== undefined && now !== undefined && before !== now
}

const minuteMs = 60_000
/** It is whether the answers are equal that counts: what a time means no two servers agree on. */
function hasOtherTime(before: Told, now: Told): boolean {
  const [then, later] = [before.modified?.getTime(), now.modified?.getTime()]
  if (then === undefined || later === undefined || then === later) return false
  if (before.isExact) return true
  if (then % dayMs === 0) return Math.abs(later - then) > 2 * dayMs
  // Quarters of an hour may be a zone, and a minute less or more is how it was rounded.
  const minutes = Math.floor(later / minuteMs) - Math.floor(then / minuteMs)
  const odd = Math.abs(minutes % 15)
  return (odd > 1 && odd < 14) || Math.abs(minutes) > 26 * 60
}

/** 1970 is what nobody has told. */
function isTime(time: Date | undefined): boolean {
  return time !== undefined && time.getTime() !== 0
}
