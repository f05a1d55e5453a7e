import { joinPath, type Path } from '../../core/path.ts'
import type { Entry } from '../../core/store.ts'
import type { ListedEntry } from '../wire/listings/listed.ts'
import { zoneOffset, type TimePair } from '../wire/listings/zone-offset.ts'
import { parseTime } from '../wire/time.ts'
import { entryOf } from './entry-of.ts'
import type { FtpSession } from './session.ts'

/** How many entries wait for the server's zone to be known; of a larger directory the times stay as they are. */
const mostWaiting = 20_000
const asked = 2

/**
 * Entries with their times in UTC. LIST tells the server's own time of day and no zone: the first listing waits for its end,
 * and MDTM, which speaks UTC, is asked about two of its files.
 */
export async function* inOwnTime(
  session: FtpSession,
  folder: Path,
  batches: AsyncIterable<readonly ListedEntry[]>,
): AsyncGenerator<readonly Entry[], void, undefined> {
  const { house } = session
  const waiting: ListedEntry[] = []
  let waits = house.zoneMs === undefined
  for await (const batch of batches) {
    waits &&= waiting.length + batch.length <= mostWaiting
    if (waits && (waiting.length > 0 || batch.some(isVague))) {
      waiting.push(...batch)
      continue
    }
    if (waiting.length > 0) yield waiting.splice(0).map((listed) => entryOf(listed))
    yield batch.map((listed) => entryOf(listed, listed.name, house.zoneMs))
  }
  if (waiting.length === 0) return
  house.zoneMs = await zoneOf(session, folder, waiting)
  yield waiting.map((listed) => entryOf(listed, listed.name, house.zoneMs))
}

/** How far the server's time of day is ahead of UTC; undefined where these files do not tell. */
async function zoneOf(
  session: FtpSession,
  folder: Path,
  listed: readonly ListedEntry[],
): Promise<number | undefined> {
  const pairs: TimePair[] = []
  for (const { name, modified } of listed
    .filter((entry) => entry.kind === 'file' && isVague(entry))
    .slice(0, asked)) {
    const reply = await session.control.ask(`MDTM ${joinPath(folder, name)}`)
    // Who knows no MDTM will know none for other files either.
    if (reply.code === 500 || reply.code === 502) return 0
    const exact = reply.code === 213 ? parseTime((reply.lines[0] ?? '').trim()) : undefined
    if (exact !== undefined && modified !== undefined) pairs.push({ listed: modified, exact })
  }
  const toUtc = zoneOffset(pairs)
  return toUtc === undefined ? undefined : -toUtc
}

/** Whether a time is told to the minute, in a zone that is not told. */
function isVague({ modified }: ListedEntry): boolean {
  return modified !== undefined && modified.zone === 'server' && modified.precision !== 'day'
}
