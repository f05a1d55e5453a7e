import { setTimeout as sleep } from 'node:timers/promises'
import { inWords } from '../numbers.ts'
import { memory } from '../processes.ts'
import type { Workload } from '../workload.ts'

/** What a session of SFTP costs that has logged in and does nothing. */
export const sftpIdle: Workload = {
  name: 'sftp-idle',
  protocol: 'sftp',
  about: ({ sftpSessions }) => `${sftpSessions} idle sessions of SFTP, memory for each`,
  parts: [
    { name: 'PSS', unit: 'KiB', better: 'lower' },
    { name: 'RSS', unit: 'KiB', better: 'lower' },
  ],
  rounds: 2,
  warmups: 0,
  prepare: () => {},
  measure: async ({ load, size: { sftpSessions: sessions }, fresh }) => {
    const server = await fresh()
    const enter = (count: number) =>
      load.run({ kind: 'sftp', what: { deed: 'enter', at: server.at, sessions: count } })
    try {
      // The first login loads code that no other has to load again.
      await enter(1)
      const before = memory(server.pid)
      await enter(sessions)
      await sleep(500)
      const after = memory(server.pid)
      return {
        PSS: { value: (after.pssKiB - before.pssKiB) / sessions },
        RSS: { value: (after.rssKiB - before.rssKiB) / sessions },
      }
    } finally {
      await load.run({ kind: 'sftp', what: { deed: 'leave' } })
      await server.stop()
    }
  },
  goal: (standing) => {
    const kibibytes = standing.ours('PSS')
    return {
      text: 'at most 120 KiB a session',
      figure: `${inWords(kibibytes ?? 0)} KiB`,
      reached: kibibytes === undefined ? undefined : kibibytes <= 120,
    }
  },
}
