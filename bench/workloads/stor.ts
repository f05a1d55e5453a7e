import { gauge, perByte } from '../gauge.ts'
import { uploadPath } from '../ground.ts'
import type { Load } from '../load/load.ts'
import { inMiB, inWords } from '../numbers.ts'
import type { Workload } from '../workload.ts'

/** One big file up, as a new file and over one that is there. */
export const stor: Workload = {
  name: 'stor',
  about: ({ bytes }) => `${inMiB(bytes)} up in one stream`,
  parts: [
    { name: 'STOR new', unit: 'MB/s', better: 'higher', cpuUnit: 's/GB' },
    { name: 'STOR over', unit: 'MB/s', better: 'higher', cpuUnit: 's/GB' },
  ],
  rounds: 5,
  warmups: 1,
  prepare: () => {},
  measure: async ({ load, size: { bytes }, shared }) => {
    const server = await shared()
    const path = uploadPath(server.name)
    await load.run({ kind: 'enter', at: server.at, sessions: 1 })
    await warmMemory(load, path, bytes)
    const fresh = await gauge(load, server, { kind: 'upload', path, bytes })
    const over = await gauge(load, server, { kind: 'upload', path, bytes })
    // Removed at once: most of it has not reached the disk yet, and need not disturb the next round by doing so.
    await load.run({ kind: 'say', line: `DELE ${path}` })
    await load.run({ kind: 'leave' })
    return { 'STOR new': perByte(fresh, bytes), 'STOR over': perByte(over, bytes) }
  },
  goal: (standing) => {
    const hardest = standing.hardest('STOR new')
    return {
      text: 'not slower than the fastest peer (new file)',
      figure: `${inWords(hardest?.ratio ?? 0)} of ${hardest?.peer ?? ''}`,
      reached: hardest && hardest.ratio >= 1,
    }
  },
}

/**
 * Uploads as much as comes next and removes it. A virtual machine gives memory back that nobody has used for a moment,
 * and getting it anew costs more than writing to it: by turns that made uploads ten times slower. The server itself
 * does it, because what another program frees is not what this one gets.
 */
async function warmMemory(load: Load, path: string, bytes: number): Promise<void> {
  const paths = [`${path}-1`, `${path}-2`]
  for (const one of paths) await load.run({ kind: 'upload', path: one, bytes })
  for (const one of paths) await load.run({ kind: 'say', line: `DELE ${one}` })
}
