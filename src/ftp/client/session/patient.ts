import type { Clock, Timer } from '../../../core/clock.ts'
import { NetworkError } from '../../../core/error.ts'

/** Waits for something as long as the other side may be silent. `late` ends what is waited for. */
export async function patient<Result>(
  clock: Clock,
  silenceMs: number,
  work: Promise<Result>,
  late: (error: NetworkError) => void,
): Promise<Result> {
  let timer: Timer | undefined
  const silence = new Promise<never>((_resolve, reject) => {
    timer = clock.after(silenceMs, () => {
      const error = new NetworkError('timeout', `no data moved for ${Math.round(silenceMs / 1000)} s`, {
        facts: { phase: 'data', retryable: true, connectionUsable: false, hint },
      })
      // First, or what is ended would tell how it ended and not why.
      reject(error)
      late(error)
    })
  })
  try {
    return await Promise.race([work, silence])
  } finally {
    timer?.cancel()
  }
}

const hint = 'ferry doctor, with this URL, finds out whether full packets get through.'
