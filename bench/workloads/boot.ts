import { gauge, perByte } from '../gauge.ts'
import { makeFile } from '../ground.ts'
import { inMiB, inWords } from '../numbers.ts'
import type { Workload } from '../workload.ts'

/** As many machines boot at once: every one gets the whole file. */
export const boot: Workload = {
  name: 'boot',
  protocol: 'tftp',
  about: ({ bootClients, bootBytes }) =>
    `${bootClients} boot clients at once, ${inMiB(bootBytes)} each in blocks of 1428`,
  parts: [{ name: 'all of them', unit: 'MB/s', better: 'higher', cpuUnit: 's/GB' }],
  rounds: 1,
  warmups: 0,
  prepare: (ground, { bootBytes }) => makeFile(ground, 'boot.bin', bootBytes),
  measure: async ({ load, size: { bootClients: clients, bootBytes: bytes }, shared }) => {
    const server = await shared()
    const wish = { path: 'boot.bin', bytes, blockSize: 1428, window: 1 }
    const measured = await gauge(load, server, { kind: 'tftp', at: server.at, clients, wish })
    return { 'all of them': perByte(measured, bytes * clients) }
  },
  goal: (standing) => {
    const hardest = standing.hardest('all of them')
    return {
      text: 'not slower than the fastest peer',
      figure: `${inWords(hardest?.ratio ?? 0)} of ${hardest?.peer ?? ''}`,
      reached: hardest && hardest.ratio >= 1,
    }
  },
}
