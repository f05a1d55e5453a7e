import { gauge, perByte } from '../gauge.ts'
import { makeFile } from '../ground.ts'
import { inMiB, inWords } from '../numbers.ts'
import type { Sample, Workload } from '../workload.ts'

/**
 * What is asked for; who does not agree to a window leaves that part out. The slower the way, the smaller a part of the
 * whole is sent, so that each way takes about as long.
 */
const ways = [
  { name: 'blksize 512, no options', blockSize: 512, window: 1, part: 1 / 25 },
  { name: 'blksize 1428', blockSize: 1428, window: 1, part: 1 / 10 },
  { name: 'windowsize 8', blockSize: 1428, window: 8, part: 1 / 5 },
  { name: 'windowsize 16', blockSize: 1428, window: 16, part: 1 / 5 },
  { name: 'windowsize 64', blockSize: 1428, window: 64, part: 1 / 5 },
] as const

/** One file down by TFTP, for each way of asking. */
export const tftp: Workload = {
  name: 'tftp',
  protocol: 'tftp',
  about: ({ tftpBytes }) =>
    `${inMiB(tftpBytes / 25)} down by TFTP without options, ${inMiB(tftpBytes / 10)} in lockstep, ${inMiB(tftpBytes / 5)} in windows, one client`,
  parts: ways.map(({ name }) => ({ name, unit: 'MB/s', better: 'higher', cpuUnit: 's/GB' })),
  rounds: 3,
  warmups: 1,
  prepare: (ground, { tftpBytes }) => {
    for (const { part } of ways) makeFile(ground, fileOf(part), tftpBytes * part)
  },
  measure: async ({ load, size: { tftpBytes }, shared }) => {
    const server = await shared()
    const samples: Record<string, Sample> = {}
    for (const { name, blockSize, window, part } of ways) {
      const bytes = tftpBytes * part
      const wish = { path: fileOf(part), bytes, blockSize, window }
      const measured = await gauge(load, server, { kind: 'tftp', at: server.at, clients: 1, wish })
      if (Number(measured.text) === window) samples[name] = perByte(measured, bytes)
    }
    return samples
  },
  goal: (standing) => {
    const hardest = ways.flatMap(({ name }) => standing.hardest(name) ?? [])
    const [worst] = hardest.toSorted((one, other) => one.ratio - other.ratio)
    return {
      text: 'not slower than the fastest peer, each way',
      figure: `${inWords(worst?.ratio ?? 0)} of ${worst?.peer ?? ''}`,
      reached: worst && worst.ratio >= 1,
    }
  },
}

function fileOf(part: number): string {
  return `tftp-${part}.bin`
}
