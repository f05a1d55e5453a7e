import type { Entry } from '../../core/store.ts'
import type { ListedEntry } from '../wire/listings/listed.ts'

/** What a listing tells of a file, as every Store tells it. `offsetMs` is what the server's time of day is ahead of UTC. */
export function entryOf(listed: ListedEntry, name = listed.name, offsetMs = 0): Entry {
  const { kind, size, mode, owner, group, links, target, id } = listed
  return {
    name,
    kind,
    size: kind === 'directory' ? 0 : (size ?? 0),
    modified: dateOf(listed.modified, offsetMs) ?? new Date(0),
    // Of what nobody told the size it is not nothing.
    ...((listed.rounded && kind !== 'directory') || (kind === 'file' && size === undefined)
      ? { rounded: true }
      : {}),
    ...optional('created', dateOf(listed.created, offsetMs)),
    ...optional('mode', mode),
    ...optional('owner', owner),
    ...optional('group', group),
    ...optional('links', links),
    ...optional('target', target),
    ...optional('id', id),
  }
}

const dayMs = 86_400_000

/** Of a day alone, its midnight in UTC that lies within the server's day: what is a round day is known to tell no more. */
function dateOf(time: ListedEntry['modified'], offsetMs: number): Date | undefined {
  if (time === undefined) return undefined
  if (time.zone === 'utc') return new Date(time.ms)
  const ms = time.ms - offsetMs
  return new Date(time.precision === 'day' ? Math.ceil(ms / dayMs) * dayMs : ms)
}

function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [Key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [Key in Name]: Value })
}
