import { gauge, perPiece } from '../gauge.ts'
import { makeEntries, makeFile, uploadPath } from '../ground.ts'
import { inWords } from '../numbers.ts'
import type { Workload } from '../workload.ts'

const sessions = 64
const file = 'mixed.dat'
const entries = 1000
const folder = `mixed-${entries}`

/** Many at once, and each of them does something else. */
export const mixed: Workload = {
  name: 'mixed',
  about: ({ turns }) => `${sessions} sessions at once: down, up, list, little files, ${turns} times each`,
  parts: [{ name: 'operations', unit: 'op/s', better: 'higher', cpuUnit: 'ms each' }],
  rounds: 5,
  warmups: 1,
  prepare: (ground, { mixedBytes }) => {
    makeFile(ground, file, mixedBytes)
    makeEntries(ground, folder, entries)
  },
  measure: async ({ load, size: { turns, mixedBytes }, shared }) => {
    const server = await shared()
    const own = uploadPath(server.name)
    await load.run({ kind: 'enter', at: server.at, sessions })
    await load.run({ kind: 'say', line: `MKD ${own}` })
    const what = { turns, folder: own, file: `/${file}`, bytes: mixedBytes, list: `/${folder}`, entries }
    const measured = await gauge(load, server, { kind: 'mixed', what })
    await load.run({ kind: 'say', line: `RMD ${own}` })
    await load.run({ kind: 'leave' })
    return { operations: perPiece(measured, sessions * turns) }
  },
  goal: (standing) => {
    const hardest = standing.hardest('operations')
    return {
      text: 'not slower than the fastest peer',
      figure: inWords(hardest?.ratio ?? 0),
      reached: hardest === undefined ? undefined : hardest.ratio >= 1,
    }
  },
}
