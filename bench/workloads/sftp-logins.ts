import { gauge, perPiece } from '../gauge.ts'
import { inWords } from '../numbers.ts'
import type { Workload } from '../workload.ts'

const lanes = 4

/** Coming, exchanging keys, logging in by a key, beginning SFTP, and leaving again. */
export const sftpLogins: Workload = {
  name: 'sftp-logins',
  protocol: 'sftp',
  about: ({ logins: count }) =>
    `${count} logins by a key, each to the first answer of SFTP, ${lanes} at a time`,
  parts: [{ name: 'logins', unit: 'logins/s', better: 'higher', cpuUnit: 'ms each' }],
  rounds: 3,
  warmups: 1,
  prepare: () => {},
  measure: async ({ load, size: { logins: count }, shared }) => {
    const server = await shared()
    const what = { deed: 'logins', at: server.at, count, lanes } as const
    return { logins: perPiece(await gauge(load, server, { kind: 'sftp', what }), count) }
  },
  goal: (standing) => {
    const ratio = standing.ratio('logins', 'openssh')
    return {
      text: 'twice as many as OpenSSH',
      figure: `${inWords(ratio ?? 0)} times`,
      reached: ratio === undefined ? undefined : ratio >= 2,
    }
  },
}
