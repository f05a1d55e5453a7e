import type { Entry } from '../../../core/store.ts'
import type { Reply } from '../../wire/reply.ts'
import { entryOf } from './entry-of.ts'
import { listings } from './listings.ts'
import type { FtpSession } from '../session/session.ts'

/** What a reply to MLST tells of a file of this name; undefined where it tells nothing. */
export async function entryInMlst(
  session: FtpSession,
  reply: Reply,
  name: string,
): Promise<Entry | undefined> {
  if (reply.code >= 300) return undefined
  // The words around the facts may name the file, and that may have an equals sign too.
  const line = reply.lines.map((text) => text.trim()).find((text) => /^[\w.-]+=[^;]*[; ]/u.test(text)) ?? ''
  // Of the directory itself servers say cdir, and a listing would leave it out.
  const plain = line.replace(/\btype=[cp]dir\b/iu, 'type=dir')
  const { ListingReader } = await listings()
  const [listed] = new ListingReader(session.house.clock.now()).read([plain], true).entries
  return listed === undefined ? undefined : entryOf(listed, name)
}
