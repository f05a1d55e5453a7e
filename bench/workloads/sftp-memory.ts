import { gauge } from '../gauge.ts'
import { makeFile, uploadPath } from '../ground.ts'
import { inMiB } from '../numbers.ts'
import type { Stage, Workload } from '../workload.ts'
import { flatMemory, memoryParts } from './memory.ts'

/** The most memory that a server holds while it moves a small file, and a big one, by SFTP. */
export const sftpMemory: Workload = {
  name: 'sftp-memory',
  protocol: 'sftp',
  about: ({ bytes, fewBytes }) =>
    `peak RSS while moving ${inMiB(fewBytes)} (small) and ${inMiB(bytes)} (big) by SFTP`,
  parts: memoryParts.map((name) => ({ name, unit: 'MiB', better: 'lower' })),
  rounds: 3,
  warmups: 0,
  ours: true,
  prepare: (ground, { bytes, fewBytes }) => {
    makeFile(ground, source(fewBytes), fewBytes)
    makeFile(ground, source(bytes), bytes)
  },
  measure: async (stage) => {
    const { bytes, fewBytes } = stage.size
    return {
      'down, small': { value: await peak(stage, 'get', fewBytes) },
      'down, big': { value: await peak(stage, 'get', bytes) },
      'up, small': { value: await peak(stage, 'put', fewBytes) },
      'up, big': { value: await peak(stage, 'put', bytes) },
    }
  },
  goal: flatMemory,
}

/** Each in a server that has done nothing else: memory once taken is seldom given back. */
async function peak({ load, fresh }: Stage, deed: 'get' | 'put', bytes: number): Promise<number> {
  const server = await fresh()
  try {
    const path = deed === 'get' ? source(bytes) : uploadPath(server.name)
    await load.run({ kind: 'sftp', what: { deed: 'enter', at: server.at, sessions: 1 } })
    const { peakMiB } = await gauge(load, server, { kind: 'sftp', what: { deed, path, bytes } })
    if (deed === 'put') await load.run({ kind: 'sftp', what: { deed: 'remove', path } })
    await load.run({ kind: 'sftp', what: { deed: 'leave' } })
    return peakMiB
  } finally {
    await server.stop()
  }
}

function source(bytes: number): string {
  return `by-sftp-${bytes}.bin`
}
