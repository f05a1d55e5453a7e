import { FileError } from '../../core/error.ts'
import { nameOf, parentOf, rootPath, type Path } from '../../core/path.ts'
import type { FtpSession } from './session/session.ts'
import { listDirectory } from './listing/list.ts'

/** What was asked for. */
type Wanted = 'file' | 'directory' | 'any'

/**
 * Many servers say 550 and no word of why. What the directory above lists tells: whether there is such a name at all, and
 * whether it is a file. The first refusal stays the one to tell where that says nothing either.
 */
export async function explained(
  session: FtpSession,
  path: Path,
  thrown: unknown,
  wanted: Wanted,
  signal?: AbortSignal,
): Promise<unknown> {
  const unclear = thrown instanceof FileError && thrown.fault === 'failed' && thrown.facts.code === 550
  if (!unclear || path === rootPath || !session.control.usable) return thrown
  const { facts, message } = thrown
  const [doing = message] = message.split(': ')
  let kind
  try {
    kind = await kindListed(session, path, signal)
  } catch (above) {
    const why = await explained(session, parentOf(path), above, 'directory', signal)
    // What is below nothing, or below a file, is not there; else it is as unclear as before.
    if (!(why instanceof FileError) || (why.fault !== 'not-found' && why.fault !== 'not-directory'))
      return thrown
  }
  if (kind === undefined)
    return new FileError('not-found', `${doing}: there is nothing of that name`, { facts })
  if (kind === 'directory' && wanted === 'file') {
    return new FileError('is-directory', `${doing}: it is a directory`, { facts })
  }
  if (kind === 'file' && wanted === 'directory') {
    return new FileError('not-directory', `${doing}: it is not a directory`, { facts })
  }
  return thrown
}

async function kindListed(session: FtpSession, path: Path, signal: AbortSignal | undefined) {
  const name = nameOf(path)
  let kind
  for await (const batch of listDirectory(session, parentOf(path), signal)) {
    kind ??= batch.find((entry) => entry.name === name)?.kind
  }
  return kind
}
