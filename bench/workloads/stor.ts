import { gauge, perByte } from '../gauge.ts'
import { uploadPath, warmMemory } from '../ground.ts'
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
  measure: async ({ ground, load, size: { bytes }, shared }) => {
    const server = await shared()
    const path = uploadPath(server.name)
    await load.run({ kind: 'enter', at: server.at, sessions: 1 })
    // The second upload needs room beside the first.
    warmMemory(ground, 2 * bytes)
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
