import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { gauge, perPiece } from '../gauge.ts'
import { keepInodes, uploadPath } from '../ground.ts'
import { inWords } from '../numbers.ts'
import type { Workload } from '../workload.ts'

const parts = ['up', 'down'] as const

/** Very many little files by `sftp -r`: one after the other, three answers to wait for with each. */
export const sftpSmall: Workload = {
  name: 'sftp-small',
  protocol: 'sftp',
  about: ({ files }) => `${files} files of 1 KiB by sftp -r, its start and login counted in`,
  parts: parts.map((name) => ({ name, unit: 'files/s', better: 'higher', cpuUnit: 'ms each' })),
  rounds: 5,
  warmups: 1,
  prepare: (ground, { files }) => {
    const folder = join(ground.folder, 'little')
    mkdirSync(folder)
    for (let index = 0; index < files; index += 1)
      writeFileSync(join(folder, `file-${String(index).padStart(5, '0')}.dat`), Buffer.alloc(1024, 46))
  },
  measure: async ({ ground, load, size: { files }, shared }) => {
    const server = await shared()
    // It will not say where a folder is going to be, which sftp asks before it makes one.
    if (server.name === 'proftpd-sftp') return {}
    const path = uploadPath(server.name)
    const back = mkdtempSync(join(ground.folder, 'back-'))
    const run = (line: string) =>
      gauge(load, server, { kind: 'sftp', what: { deed: 'program', at: server.at, lines: [line] } })
    const up = await run(`put -r ${join(ground.folder, 'little')} ${path.slice(1)}`)
    const down = await run(`get -r ${path.slice(1)} ${back}`)
    for (const folder of [join(ground.files, path), join(back, server.name)]) {
      keepInodes(ground, relative(ground.files, folder))
      rmSync(folder, { recursive: true })
    }
    rmSync(back, { recursive: true })
    return { up: perPiece(up, files), down: perPiece(down, files) }
  },
  goal: (standing) => {
    const found = parts.flatMap((part) => standing.ratio(part, 'openssh') ?? [])
    return {
      text: 'as fast as OpenSSH',
      figure: found.map(inWords).join(' and '),
      reached: found.length === 0 ? undefined : found.every((ratio) => ratio >= 1),
    }
  },
}
