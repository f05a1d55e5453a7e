import { FileError } from '../../core/error.ts'

/** Rejects when the signal says so; the answer is thrown away when it comes. */
export async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  if (signal.aborted) throw abortedBy(signal)
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = (): void => reject(abortedBy(signal))
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', stop)
    work.catch(() => undefined)
  }
}

/** That somebody called it off. */
export function abortedBy(signal: AbortSignal): Error {
  const reason: unknown = signal.reason
  return new FileError('aborted', 'it was called off', { cause: reason })
}
