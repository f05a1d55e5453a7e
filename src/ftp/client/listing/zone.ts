import { joinPath, type Path } from '../../../core/path.ts'
import type { Entry } from '../../../core/store.ts'
import type { ListedEntry } from '../../wire/listings/listed.ts'
import { zoneOffset, type TimePair } from '../../wire/listings/zone-offset.ts'
import { entryOf } from './entry-of.ts'
import { areBlanksOfNames, marginOf, withBlanks } from './margin.ts'
import type { FtpSession } from '../session/session.ts'
import { timeIn } from './time-in.ts'

/** How many entries wait for the server's zone to be known; of a larger directory the times stay as they are. */
const mostWaiting = 20_000
const asked = 2

/**
 * Entries with their times in UTC and their names whole. LIST tells the server's own time of day and no zone, and whether blanks
 * before all names are of the names it does not tell either: the first listing waits for its end, and the server is asked about
 * two of its files.
 */
export async function* inOwnTime(
  session: FtpSession,
  folder: Path,
  batches: AsyncIterable<readonly ListedEntry[]>,
): AsyncGenerator<readonly Entry[], void, undefined> {
  const { house } = session
  const waiting: ListedEntry[] = []
  const isUnsure = (entry: ListedEntry): boolean =>
    (house.zoneMs === undefined && isVague(entry)) ||
    (house.blanksOfNames === undefined && marginOf(entry) > 0)
  const asHeard = (entry: ListedEntry): Entry =>
    entryOf(entry, house.blanksOfNames === true ? withBlanks(entry) : entry.name, house.zoneMs)
  let waits = house.zoneMs === undefined || house.blanksOfNames === undefined
  for await (const batch of batches) {
    waits &&= waiting.length + batch.length <= mostWaiting
    if (waits && (waiting.length > 0 || batch.some(isUnsure))) {
      waiting.push(...batch)
      continue
    }
    if (waiting.length > 0) yield waiting.splice(0).map((listed) => entryOf(listed))
    yield batch.map(asHeard)
  }
  if (waiting.length === 0) return
  house.blanksOfNames ??= await areBlanksOfNames(session, folder, waiting)
  house.zoneMs ??= await zoneOf(session, folder, waiting)
  yield waiting.map(asHeard)
}

/** How far the server's time of day is ahead of UTC; undefined where these files do not tell. */
async function zoneOf(
  session: FtpSession,
  folder: Path,
  listed: readonly ListedEntry[],
): Promise<number | undefined> {
  const pairs: TimePair[] = []
  for (const entry of listed.filter((each) => each.kind === 'file' && isVague(each)).slice(0, asked)) {
    const { modified } = entry
    const name = session.house.blanksOfNames === true ? withBlanks(entry) : entry.name
    const reply = await session.control.ask(`MDTM ${joinPath(folder, name)}`)
    // Who knows no MDTM will know none for other files either.
    if (reply.code === 500 || reply.code === 502) return 0
    const exact = timeIn(reply)
    if (exact !== undefined && modified !== undefined) pairs.push({ listed: modified, exact })
  }
  const toUtc = zoneOffset(pairs)
  return toUtc === undefined ? undefined : -toUtc
}

/** Whether a time is told to the minute, in a zone that is not told. */
function isVague({ modified }: ListedEntry): boolean {
  return modified !== undefined && modified.zone === 'server' && modified.precision !== 'day'
}
