import { dayMs } from '../core/day.ts'
import type { Entry } from '../core/store.ts'
import { digest, digestOverThere } from './digest.ts'
import { isRemote, type End } from './end.ts'

/** By what a file is taken for the same on both sides. */
export type Compare = 'size+mtime' | 'size' | 'hash'

/** Why a file is copied, or `same` where it need not be. */
export type Difference = 'same' | 'size' | 'time' | 'content'

/** Compares two files that are there. With hashes, where one side can make none its file is read. */
export async function compareFiles(
  from: End,
  source: Entry,
  to: End,
  target: Entry,
  compare: Compare,
): Promise<Difference> {
  const told = compareTold(source, to, target, compare === 'hash' ? 'size+mtime' : compare)
  if (compare !== 'hash' || told === 'size') return told
  return (await hashesAgree(from, to)) ? 'same' : 'content'
}

/** Compares what is told of two files. */
export function compareTold(
  source: Entry,
  to: End,
  target: Entry,
  compare: Exclude<Compare, 'hash'>,
): Difference {
  // Sizes in blocks, or that nobody knows, say nothing: the time does, if that is to be compared.
  const isTold = source.rounded !== true && target.rounded !== true
  if (isTold ? source.size !== target.size : compare === 'size') return 'size'
  return compare === 'size' || timeAgrees(source, target, to) ? 'same' : 'time'
}

/** Where a store cannot set times, a copy is as new as it was made: then not older than its source is enough. */
function timeAgrees(source: Entry, target: Entry, to: End): boolean {
  if (sameTime(source.modified, target.modified)) return true
  return !to.store.features.has('times') && target.modified >= source.modified
}

/**
 * Whether two times are the same as far as both tell: listings of FTP know seconds, minutes or days, and FAT two seconds.
 */
export function sameTime(one: Date, other: Date): boolean {
  const apart = Math.abs(one.getTime() - other.getTime())
  return apart < Math.max(precision(one), precision(other))
}

function precision(time: Date): number {
  const ms = time.getTime()
  if (ms % dayMs === 0) return dayMs
  return ms % 60_000 === 0 ? 60_000 : 2000
}

/** A sentence about a difference of whole hours, which is rarely a change of the file. */
export function suspectedZone(one: Date, other: Date): string | undefined {
  const apart = Math.abs(one.getTime() - other.getTime())
  const hours = Math.round(apart / 3_600_000)
  if (hours < 1 || hours > 14 || Math.abs(apart - hours * 3_600_000) > 2000) return undefined
  return `the times differ by exactly ${hours} h: time zone?`
}

async function hashesAgree(from: End, to: End): Promise<boolean> {
  const [first, second] = isRemote(from.store) ? [from, to] : [to, from]
  const made = await digestOverThere(first)
  const algorithm = made?.algorithm ?? 'sha256'
  return (made?.value ?? (await digest(first, algorithm))) === (await digest(second, algorithm))
}
