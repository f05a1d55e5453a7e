import type { EventEmitter } from 'node:events'

/** Waits until the reader has taken what was written, or is gone. */
export async function drained(stream: EventEmitter): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stream.off('drain', done)
      stream.off('close', done)
      resolve()
    }
    stream.on('drain', done)
    stream.on('close', done)
  })
}
