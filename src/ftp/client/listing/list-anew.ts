import { NetworkError } from '../../../core/error.ts'
import type { Path } from '../../../core/path.ts'
import type { Entry } from '../../../core/store.ts'
import { explained } from '../explained.ts'
import { listedAnew } from '../../../core/listed-anew.ts'
import { listDirectory } from './list.ts'
import type { SessionPool } from '../session/pool.ts'
import type { FtpServerSeen } from '../server-seen.ts'
import { NotTogether } from '../session/say-together.ts'

/** Lists a directory, and begins anew where that broke off. */
export function listAnew(
  pool: SessionPool,
  seen: FtpServerSeen,
  path: Path,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly Entry[], void, undefined> {
  const asking = pool.asking(signal)
  return listedAnew(
    () => listOnce(pool, seen, path, signal),
    async (thrown) => {
      // Where commands were sent together to one that takes them apart nothing need pass first.
      if (!(thrown instanceof NotTogether)) await asking.after(thrown)
    },
  )
}

async function* listOnce(
  pool: SessionPool,
  seen: FtpServerSeen,
  path: Path,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly Entry[], void, undefined> {
  const session = await pool.take(signal)
  const stop = (): void => session.control.destroy(new NetworkError('aborted', 'stopped'))
  signal?.addEventListener('abort', stop, { once: true })
  try {
    const lost = yield* listDirectory(session, path, signal)
    if (lost > 0) seen.unread.set(path, lost)
    else seen.unread.delete(path)
  } catch (thrown) {
    throw await explained(session, path, thrown, 'directory', signal)
  } finally {
    signal?.removeEventListener('abort', stop)
    pool.give(session)
  }
}
