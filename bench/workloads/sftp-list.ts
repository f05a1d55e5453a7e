import { gauge } from '../gauge.ts'
import { makeEntries } from '../ground.ts'
import { inWords } from '../numbers.ts'
import type { Workload } from '../workload.ts'

/** A directory with very many entries over SFTP, which tells of each its line of `ls -l` and its attributes. */
export const sftpList: Workload = {
  name: 'sftp-list',
  protocol: 'sftp',
  about: ({ entries }) => `a directory of ${entries} entries by SFTP`,
  parts: [{ name: 'READDIR', unit: 'ms', better: 'lower', cpuUnit: 'ms each' }],
  rounds: 5,
  warmups: 1,
  prepare: (ground, { entries }) => makeEntries(ground, 'many-far', entries),
  measure: async ({ load, size: { entries }, shared }) => {
    const server = await shared()
    await load.run({ kind: 'sftp', what: { deed: 'enter', at: server.at, sessions: 1 } })
    const measured = await gauge(load, server, {
      kind: 'sftp',
      what: { deed: 'list', path: 'many-far', entries },
    })
    await load.run({ kind: 'sftp', what: { deed: 'leave' } })
    return {
      READDIR: {
        value: measured.seconds * 1000,
        serverCpu: measured.serverCpuSeconds * 1000,
        clientCpu: measured.cpuSeconds * 1000,
        peakMiB: measured.peakMiB,
        others: measured.others,
      },
    }
  },
  goal: (standing) => {
    const ratio = standing.ratio('READDIR', 'openssh')
    return {
      text: "within OpenSSH's time",
      figure: `${inWords(ratio ?? 0)} times`,
      reached: ratio === undefined ? undefined : ratio <= 1,
    }
  },
}
