import { setTimeout as sleep } from 'node:timers/promises'
import { machineSeconds } from './processes.ts'

const lookMs = 300
const quietCores = 0.1

/** Waits until the machine does next to nothing, for so long at most: others may be working on it. */
export async function quietMoment(patienceMs: number): Promise<void> {
  for (const until = Date.now() + patienceMs; Date.now() < until;) {
    const before = machineSeconds()
    await sleep(lookMs)
    if (machineSeconds() - before < (quietCores * lookMs) / 1000) return
  }
}
