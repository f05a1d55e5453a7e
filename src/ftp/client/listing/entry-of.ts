import { dayMs } from '../../../core/day.ts'
import type { Entry } from '../../../core/store.ts'
import type { ListedEntry } from '../../wire/listings/listed.ts'

/** What a listing tells of a file, as every Store tells it. `offsetMs` is what the server's time of day is ahead of UTC. */
export function entryOf(listed: ListedEntry, name = listed.name, offsetMs = 0): Entry {
  const { kind, size, created, mode, owner, group, links, target, id } = listed
  const entry: { -readonly [Key in keyof Entry]: Entry[Key] } = {
    name,
    kind,
    size: kind === 'directory' ? 0 : (size ?? 0),
    modified: dateOf(listed.modified, offsetMs) ?? new Date(0),
  }
  // Of what nobody told the size it is not nothing.
  const isRounded = (listed.rounded && kind !== 'directory') || (kind === 'file' && size === undefined)
  if (isRounded) entry.rounded = true
  if (listed.modified !== undefined && isVague(listed.modified)) entry.isVague = true
  const made = dateOf(created, offsetMs)
  if (made !== undefined) entry.created = made
  if (mode !== undefined) entry.mode = mode
  if (owner !== undefined) entry.owner = owner
  if (group !== undefined) entry.group = group
  if (links !== undefined) entry.links = links
  if (target !== undefined) entry.target = target
  if (id !== undefined) entry.id = id
  return entry
}

function isVague({ precision, zone }: NonNullable<ListedEntry['modified']>): boolean {
  return precision === 'minute' || precision === 'day' || zone === 'server'
}

/** Of a day alone, its midnight in UTC that lies within the server's day: what is a round day is known to tell no more. */
function dateOf(time: ListedEntry['modified'], offsetMs: number): Date | undefined {
  if (time === undefined) return undefined
  if (time.zone === 'utc') return new Date(time.ms)
  const ms = time.ms - offsetMs
  return new Date(time.precision === 'day' ? Math.ceil(ms / dayMs) * dayMs : ms)
}
