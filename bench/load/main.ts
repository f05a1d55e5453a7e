// The load generator: a process of its own, so that watching and reporting never slow it down.
import { perform } from './perform.ts'
import type { Done, Task } from './task.ts'

process.on('message', (task: Task) => {
  void timed(task).then((answer) => process.send?.(answer))
})
process.on('disconnect', () => process.exit())

async function timed(task: Task): Promise<Done | { readonly error: string }> {
  const cpuBefore = process.cpuUsage()
  const before = process.hrtime.bigint()
  try {
    const text = await perform(task)
    const seconds = Number(process.hrtime.bigint() - before) / 1e9
    const { user, system } = process.cpuUsage(cpuBefore)
    return { seconds, cpuSeconds: (user + system) / 1e6, text }
  } catch (thrown) {
    return { error: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}
