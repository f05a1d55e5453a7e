import { gauge, perPiece } from '../gauge.ts'
import { inWords } from '../numbers.ts'
import type { Workload } from '../workload.ts'

const lanes = 4

/** Coming, logging in, and leaving again. */
export const logins: Workload = {
  name: 'logins',
  about: ({ logins: count }) => `${count} logins, ${lanes} at a time`,
  parts: [{ name: 'logins', unit: 'logins/s', better: 'higher', cpuUnit: 'ms each' }],
  rounds: 5,
  warmups: 1,
  prepare: () => {},
  measure: async ({ load, size: { logins: count }, shared }) => {
    const server = await shared()
    const measured = await gauge(load, server, { kind: 'logins', at: server.at, count, lanes })
    return { logins: perPiece(measured, count) }
  },
}

/** The same in TLS: each of them with a full handshake. */
export const tlsLogins: Workload = {
  ...logins,
  name: 'tls-logins',
  protocol: 'ftps',
  about: ({ logins: count }) => `${count} logins in TLS with a full handshake each, ${lanes} at a time`,
  goal: (standing) => {
    const ratio = standing.ratio('logins', 'vsftpd-tls')
    return {
      text: 'twice as many as vsftpd',
      figure: inWords(ratio ?? 0),
      reached: ratio === undefined ? undefined : ratio >= 2,
    }
  },
}
