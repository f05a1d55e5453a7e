import { Worker } from 'node:worker_threads'
import type { Member } from '../../cluster/crew.ts'
import { link, type Far, type Told } from '../../cluster/link.ts'
import { asError, NetworkError } from '../../core/error.ts'
import { ListenError } from '../listen-error.ts'
import type { Listener } from '../listener.ts'
import type { Desk } from './desk.ts'
import type { StartFailure, WorkerService } from './protocol.ts'

export interface ThreadOptions {
  /** The module that it runs. */
  readonly module: URL
  /** What that finds as `workerData`. */
  readonly given: unknown
  readonly number: number
  readonly place: number
  readonly began: number
  readonly desk: Desk
  /** Told of a mistake of ours on this side. */
  readonly failed: (error: Error) => void
}

/** A worker that listens. */
export interface WorkerThread extends Member {
  readonly number: number
  readonly place: number
  /** Milliseconds since 1970. */
  readonly began: number
  readonly listeners: readonly Listener[]
  readonly ask: Far<WorkerService>
  /** Resolves once it has answered. */
  readonly alive: () => Promise<unknown>
  readonly tell: Told<WorkerService>
  /** Ends it as one that does not work any more. */
  giveUp(reason: Error): void
}

/**
 * Node lets the young generation of each thread grow to 100 MiB and more where many sessions are busy, and gives it back late or never:
 * a quarter of it does as much with the same CPU. The thread that serves alone cannot say so by itself.
 */
const maxYoungGenerationSizeMb = 24

/** Starts a thread with a server of its own; resolves when that listens, and rejects with why it cannot. */
export async function startThread(options: ThreadOptions): Promise<WorkerThread> {
  const { module, given, number, place, began, desk, failed } = options
  const thread = new Worker(module, { workerData: given, resourceLimits: { maxYoungGenerationSizeMb } })
  const started = Promise.withResolvers<readonly Listener[]>()
  const ended = Promise.withResolvers<Error>()
  const { ask, tell, cut } = link<WorkerService>(
    {
      // eslint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      post: (value) => thread.postMessage(value),
      onMessage: (take) => void thread.on('message', take),
    },
    {
      ...desk.service,
      ready: started.resolve,
      failed: (failure: StartFailure) => started.reject(startError(failure)),
    },
    failed,
  )
  let reason: Error | undefined
  thread.once('error', (thrown) => {
    reason = asError(thrown)
  })
  thread.once('exit', (code) => {
    const why = reason ?? new Error(`it ended with ${code}`)
    started.reject(why)
    cut(why)
    void desk.clear(`its worker ended: ${why.message}`).then(() => ended.resolve(why), failed)
  })
  const end = async (): Promise<void> => {
    await thread.terminate()
    await ended.promise
  }
  const giveUp = (why: Error): void => {
    reason ??= why
    void thread.terminate()
  }
  try {
    const listeners = await started.promise
    return {
      number,
      place,
      began,
      listeners,
      ask,
      tell,
      alive: () => ask.alive(),
      ended: ended.promise,
      end,
      giveUp,
    }
  } catch (thrown) {
    await end()
    throw thrown
  }
}

function startError({ message, listening }: StartFailure): Error {
  if (listening === undefined) return new Error(message)
  const { protocol, port, fault } = listening
  return new ListenError(protocol, port, new NetworkError(fault, message))
}
