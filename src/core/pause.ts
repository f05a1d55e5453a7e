import type { Clock } from './clock.ts'

/** Waits, or rejects with the signal's reason. Meanwhile the process lives, though no timer keeps it alive. */
export function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason as Error)
    if (ms <= 0) return resolve()
    const { port1: alive } = new MessageChannel()
    alive.ref()
    const stop = (): void => {
      timer.cancel()
      alive.close()
      reject(signal?.reason as Error)
    }
    const timer = clock.after(ms, () => {
      signal?.removeEventListener('abort', stop)
      alive.close()
      resolve()
    })
    signal?.addEventListener('abort', stop, { once: true })
  })
}
