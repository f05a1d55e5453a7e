import { gauge, perByte } from '../gauge.ts'
import { makeFile } from '../ground.ts'
import { inMiB, inWords } from '../numbers.ts'
import type { Workload } from '../workload.ts'

/** One big file down, in one stream. */
export const retr: Workload = {
  name: 'retr',
  about: ({ bytes }) => `${inMiB(bytes)} down in one stream`,
  parts: [{ name: 'RETR', unit: 'MB/s', better: 'higher', cpuUnit: 's/GB' }],
  rounds: 9,
  warmups: 1,
  prepare: (ground, { bytes }) => makeFile(ground, 'big.bin', bytes),
  measure: async ({ load, size: { bytes }, shared }) => {
    const server = await shared()
    await load.run({ kind: 'enter', at: server.at, sessions: 1 })
    const measured = await gauge(load, server, { kind: 'download', path: 'big.bin', bytes })
    await load.run({ kind: 'leave' })
    return { RETR: perByte(measured, bytes) }
  },
  goal: (standing) => {
    const hardest = standing.hardest('RETR')
    return {
      text: 'not slower than the fastest peer',
      figure: `${inWords(hardest?.ratio ?? 0)} of ${hardest?.peer ?? ''}`,
      reached: hardest && hardest.ratio >= 1,
    }
  },
}
