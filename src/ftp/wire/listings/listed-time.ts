import type { ListedTime } from './listed.ts'

const kept: ListedTime[] = []

/** A time of a listing: files of one directory share many of theirs, and then the object too. */
export function listedTime(
  ms: number,
  precision: ListedTime['precision'],
  zone: ListedTime['zone'],
): ListedTime {
  // Days and minutes are round numbers: without the factor they would all have the same few places.
  const place = Math.imul(ms / 1000, 0x9e37_79b1) >>> 23
  const before = kept[place]
  if (before !== undefined && before.ms === ms && before.precision === precision && before.zone === zone)
    return before
  return (kept[place] = { ms, precision, zone })
}
