import { gauge, perByte } from '../gauge.ts'
import { makeFile, uploadPath } from '../ground.ts'
import { inMiB, inWords } from '../numbers.ts'
import type { Workload } from '../workload.ts'

/** One big file down and up where an SSH host stands between; sshd's and ssh's CPU time count as the server's. */
export const published: Workload = {
  name: 'published',
  protocol: 'published',
  about: ({ publishedBytes }) => `${inMiB(publishedBytes)} down and up in one stream through an SSH host`,
  parts: [
    { name: 'RETR', unit: 'MB/s', better: 'higher', cpuUnit: 's/GB' },
    { name: 'STOR', unit: 'MB/s', better: 'higher', cpuUnit: 's/GB' },
  ],
  rounds: 5,
  warmups: 1,
  prepare: (ground, { publishedBytes }) => makeFile(ground, 'published.bin', publishedBytes),
  measure: async ({ load, size: { publishedBytes: bytes }, shared }) => {
    const server = await shared()
    const path = uploadPath(server.name)
    await load.run({ kind: 'enter', at: server.at, sessions: 1 })
    const down = await gauge(load, server, { kind: 'download', path: 'published.bin', bytes })
    const up = await gauge(load, server, { kind: 'upload', path, bytes })
    await load.run({ kind: 'say', line: `DELE ${path}` })
    await load.run({ kind: 'leave' })
    return { RETR: perByte(down, bytes), STOR: perByte(up, bytes) }
  },
  goal: (standing) => {
    const ratios = ['RETR', 'STOR'].map((part) => standing.hardest(part)?.ratio ?? 0)
    return {
      text: 'at least 70 % of what ssh -R moves',
      figure: ratios.map((ratio) => inWords(ratio)).join(' and '),
      reached: ratios.every((ratio) => ratio > 0) ? ratios.every((ratio) => ratio >= 0.7) : undefined,
    }
  },
}
