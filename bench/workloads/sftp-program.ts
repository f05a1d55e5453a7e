import { gauge, perByte } from '../gauge.ts'
import { makeFile, uploadPath } from '../ground.ts'
import { inMiB } from '../numbers.ts'
import type { Sample, Workload } from '../workload.ts'
import { partOf, sftpGoal } from './sftp.ts'
import { join } from 'node:path'

const ciphers = ['aes128-gcm@openssh.com', 'chacha20-poly1305@openssh.com'] as const

/** The same by OpenSSH's sftp, which most people have: two processes, of which one encrypts. */
export const sftpProgram: Workload = {
  name: 'sftp-program',
  protocol: 'sftp',
  about: ({ bytes }) => `${inMiB(bytes)} down and up by OpenSSH's sftp, its start and login counted in`,
  parts: ciphers.flatMap((cipher) =>
    (['get', 'put'] as const).map((way) => ({
      name: partOf(way, cipher),
      unit: 'MB/s',
      better: 'higher' as const,
      cpuUnit: 's/GB' as const,
    })),
  ),
  rounds: 5,
  warmups: 1,
  prepare: (ground, { bytes }) => makeFile(ground, 'program.bin', bytes),
  measure: async ({ ground, load, size: { bytes }, shared }) => {
    const server = await shared()
    const path = uploadPath(server.name).slice(1)
    const samples: Record<string, Sample> = {}
    for (const cipher of ciphers) {
      if (server.name === 'proftpd-sftp') break
      const run = (...lines: string[]) =>
        gauge(load, server, { kind: 'sftp', what: { deed: 'program', at: server.at, cipher, lines } })
      samples[partOf('get', cipher)] = perByte(await run('get program.bin /dev/null'), bytes)
      samples[partOf('put', cipher)] = perByte(
        await run(`put ${join(ground.files, 'program.bin')} ${path}`),
        bytes,
      )
      await run(`rm ${path}`)
    }
    return samples
  },
  goal: sftpGoal,
}
