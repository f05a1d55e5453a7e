import type { Clock } from '../core/clock.ts'
import { NetworkError } from '../core/error.ts'
import type { Conn } from '../core/network.ts'

/** A connection that must stand before the time is over, or the signal says stop: one that comes later is closed. */
export async function inTime(
  opening: Promise<Conn>,
  { clock, timeoutMs, signal }: { clock: Clock; timeoutMs: number; signal?: AbortSignal },
): Promise<Conn> {
  const over = Promise.withResolvers<never>()
  const late = clock.after(timeoutMs, () => over.reject(new NetworkError('timeout', 'it took too long')))
  const stop = (): void => over.reject(new NetworkError('aborted', 'stopped'))
  if (signal?.aborted === true) stop()
  else signal?.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([opening, over.promise])
  } catch (thrown) {
    void closeLate(opening)
    throw thrown
  } finally {
    late.cancel()
    signal?.removeEventListener('abort', stop)
  }
}

async function closeLate(opening: Promise<Conn>): Promise<void> {
  try {
    const conn = await opening
    conn.destroy(new Error('too late'))
  } catch {
    // It did not come about, which is as well.
  }
}
