// The load generator: a process of its own, so that watching and reporting never slow it down.
import { childSeconds } from '../processes.ts'
import { perform } from './perform.ts'
import type { Done, Task } from './task.ts'

process.on('message', (task: Task) => {
  void timed(task).then((answer) => process.send?.(answer))
})
process.on('disconnect', () => process.exit())

async function timed(task: Task): Promise<Done | { readonly error: string }> {
  const cpuBefore = cpuSoFar()
  const before = process.hrtime.bigint()
  try {
    const text = await perform(task)
    const seconds = Number(process.hrtime.bigint() - before) / 1e9
    return { seconds, cpuSeconds: cpuSoFar() - cpuBefore, text }
  } catch (thrown) {
    return { error: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}

/** Its own time exactly, and in steps of 10 ms that of the programs it has run. */
function cpuSoFar(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6 + childSeconds(process.pid)
}
