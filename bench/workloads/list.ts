import { gauge, type Measured } from '../gauge.ts'
import { makeEntries } from '../ground.ts'
import { inWords } from '../numbers.ts'
import type { Sample, Workload } from '../workload.ts'

/** A directory with very many entries, as LIST and as MLSD give it. */
export const list: Workload = {
  name: 'list',
  about: ({ entries }) => `a directory of ${entries} entries`,
  parts: [
    { name: 'LIST', unit: 'ms', better: 'lower', cpuUnit: 'ms each' },
    { name: 'MLSD', unit: 'ms', better: 'lower', cpuUnit: 'ms each' },
  ],
  rounds: 5,
  warmups: 1,
  prepare: (ground, { entries }) => makeEntries(ground, 'many', entries),
  measure: async ({ load, size: { entries }, shared }) => {
    const server = await shared()
    await load.run({ kind: 'enter', at: server.at, sessions: 1 })
    const { text } = await load.run({ kind: 'say', line: 'FEAT' })
    const task = { kind: 'list', path: 'many', entries } as const
    const LIST = took(await gauge(load, server, { ...task, verb: 'LIST' }))
    const knowsMlsd = /^ MLS[DT]/imu.test(text)
    const MLSD = knowsMlsd ? took(await gauge(load, server, { ...task, verb: 'MLSD' })) : undefined
    await load.run({ kind: 'leave' })
    return MLSD === undefined ? { LIST } : { LIST, MLSD }
  },
  goal: (standing) => {
    const ratio = standing.ratio('LIST', 'vsftpd')
    return {
      text: "LIST within 1.5 times vsftpd's time",
      figure: `${inWords(ratio ?? 0)} times`,
      reached: ratio === undefined ? undefined : ratio <= 1.5,
    }
  },
}

function took(measured: Measured): Sample {
  return {
    value: measured.seconds * 1000,
    serverCpu: measured.serverCpuSeconds * 1000,
    clientCpu: measured.cpuSeconds * 1000,
    peakMiB: measured.peakMiB,
    others: measured.others,
  }
}
