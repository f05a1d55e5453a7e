import { setTimeout as pause } from 'node:timers/promises'
import { Session } from './session.ts'
import type { Address } from './task.ts'

/** What somebody notices of a server who has nothing to do with what is done to it: milliseconds, and how many tries failed. */
export interface Noticed {
  readonly command: readonly number[]
  readonly login: readonly number[]
  readonly failed: number
}

/** Between two tries. */
const restMs = 20

/** Nobody waits longer. */
const patienceMs = 5000

/** Uses a session that it has, and logs in anew, in turn, until the time is over. */
export async function notice(at: Address, seconds: number): Promise<string> {
  const ends = performance.now() + seconds * 1000
  const command: number[] = []
  const login: number[] = []
  let failed = 0
  const timed = async (into: number[], work: () => Promise<void>): Promise<void> => {
    const start = performance.now()
    try {
      await Promise.race([work(), late()])
      into.push(performance.now() - start)
    } catch {
      failed += 1
    }
  }
  const session = await Session.enter(at)
  while (performance.now() < ends) {
    await timed(command, async () => void (await session.must('NOOP')))
    await timed(login, async () => (await Session.enter(at)).leave())
    await pause(restMs)
  }
  session.drop()
  const noticed: Noticed = { command, login, failed }
  return JSON.stringify(noticed)
}

async function late(): Promise<never> {
  await pause(patienceMs, undefined, { ref: false })
  throw new Error('nobody waits so long')
}
