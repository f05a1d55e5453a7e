import { setTimeout as sleep } from 'node:timers/promises'
import { inWords } from '../numbers.ts'
import { memory } from '../processes.ts'
import type { Workload } from '../workload.ts'

/** What a session costs that has logged in and does nothing. */
export const idle: Workload = {
  name: 'idle',
  about: ({ sessions }) => `${sessions} idle sessions, memory for each`,
  parts: [
    { name: 'PSS', unit: 'KiB', better: 'lower' },
    { name: 'RSS', unit: 'KiB', better: 'lower' },
  ],
  rounds: 2,
  warmups: 0,
  prepare: () => {},
  measure: async ({ load, size: { sessions }, fresh }) => {
    const server = await fresh()
    try {
      // The first login loads code that no other has to load again.
      await load.run({ kind: 'enter', at: server.at, sessions: 1 })
      await load.run({ kind: 'leave' })
      const before = memory(server.pid)
      await load.run({ kind: 'enter', at: server.at, sessions })
      await sleep(500)
      const after = memory(server.pid)
      return {
        PSS: { value: (after.pssKiB - before.pssKiB) / sessions },
        RSS: { value: (after.rssKiB - before.rssKiB) / sessions },
      }
    } finally {
      await server.stop()
    }
  },
  goal: (standing) => {
    const kibibytes = standing.ours('PSS')
    return {
      text: 'less than 24 KiB a session',
      figure: `${inWords(kibibytes ?? 0)} KiB`,
      reached: kibibytes === undefined ? undefined : kibibytes < 24,
    }
  },
}

/** The same in TLS. */
export const tlsIdle: Workload = {
  ...idle,
  name: 'tls-idle',
  protocol: 'ftps',
  about: ({ tlsSessions }) => `${tlsSessions} idle sessions in TLS, memory for each`,
  measure: (stage) => idle.measure({ ...stage, size: { ...stage.size, sessions: stage.size.tlsSessions } }),
  goal: (standing) => {
    const kibibytes = standing.ours('PSS')
    return {
      text: 'less than 100 KiB a session',
      figure: `${inWords(kibibytes ?? 0)} KiB`,
      reached: kibibytes === undefined ? undefined : kibibytes < 100,
    }
  },
}
