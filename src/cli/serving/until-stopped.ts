import type { Running } from '../../server/running.ts'

/** A second signal so soon is the same one: a terminal sends it to every process, and launchers pass theirs on. */
const sameSignalMs = 500

/**
 * Waits for SIGTERM or SIGINT, then for the transfers that run, at most for the grace. A second signal ends all now.
 * SIGHUP reads the configuration anew.
 */
export async function untilStopped(
  server: Pick<Running, 'drain' | 'close'>,
  grace: () => number,
  tell: (text: string) => void,
  anew: () => void,
): Promise<void> {
  let since: number | undefined
  await new Promise<void>((stopped, failed) => {
    const stop = (): void => {
      if (since === undefined) {
        since = performance.now()
        const graceMs = grace()
        tell(`Stopping: transfers have ${graceMs / 1000} s to end. Once more stops now.`)
        server.drain(graceMs).then(stopped, failed)
      } else if (performance.now() - since > sameSignalMs) {
        server.close().then(stopped, failed)
      }
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
    process.on('SIGHUP', anew)
  })
}
