import { gauge } from '../gauge.ts'
import { uploadPath } from '../ground.ts'
import type { Stage, Workload } from '../workload.ts'
import { whileMoving } from './memory.ts'

/** The most memory that a server holds while it moves a small file, and a big one, by SFTP. */
export const sftpMemory: Workload = {
  name: 'sftp-memory',
  protocol: 'sftp',
  ...whileMoving(' by SFTP', source, peak),
}

/** Each in a server that has done nothing else: memory once taken is seldom given back. */
async function peak({ load, fresh }: Stage, way: 'down' | 'up', bytes: number): Promise<number> {
  const server = await fresh()
  try {
    const deed = way === 'down' ? 'get' : 'put'
    const path = way === 'down' ? source(bytes) : uploadPath(server.name)
    await load.run({ kind: 'sftp', what: { deed: 'enter', at: server.at, sessions: 1 } })
    const { peakMiB } = await gauge(load, server, { kind: 'sftp', what: { deed, path, bytes } })
    if (way === 'up') await load.run({ kind: 'sftp', what: { deed: 'remove', path } })
    await load.run({ kind: 'sftp', what: { deed: 'leave' } })
    return peakMiB
  } finally {
    await server.stop()
  }
}

function source(bytes: number): string {
  return `by-sftp-${bytes}.bin`
}
