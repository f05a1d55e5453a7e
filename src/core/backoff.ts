/** How long is waited before something is tried again that failed so often: twice as long each time, half a minute at most. */
export function backoffMs(failed: number): number {
  return Math.min(30_000, 500 * 2 ** failed)
}
