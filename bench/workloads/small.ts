import { gauge, perPiece } from '../gauge.ts'
import { keepInodes, uploadPath } from '../ground.ts'
import { inWords } from '../numbers.ts'
import type { Workload } from '../workload.ts'

const parts = ['up', 'down', 'removed'] as const

/** Very many little files, one after the other in one session. */
export const small = smallBy(1, 'small', 1)

/** The same shared out among sessions that work at once. */
export const smallAtOnce = smallBy(16, 'small-16', 1.5)

function smallBy(sessions: number, name: string, wanted: number): Workload {
  return {
    name,
    about: ({ files }) =>
      `${files} files of 1 KiB in ${sessions === 1 ? 'one session' : `${sessions} sessions at once`}`,
    parts: parts.map((name) => ({ name, unit: 'files/s', better: 'higher', cpuUnit: 'ms each' })),
    rounds: 5,
    warmups: 1,
    prepare: () => {},
    measure: async ({ ground, load, size: { files }, shared }) => {
      const server = await shared()
      const folder = uploadPath(server.name)
      const task = { files, bytes: 1024 }
      await load.run({ kind: 'enter', at: server.at, sessions })
      await load.run({ kind: 'say', line: `MKD ${folder}` })
      await load.run({ kind: 'say', line: `CWD ${folder}`, everyone: true })
      const up = await gauge(load, server, { kind: 'upload-many', ...task })
      const down = await gauge(load, server, { kind: 'download-many', ...task })
      keepInodes(ground, folder)
      const removed = await gauge(load, server, { kind: 'remove-many', ...task })
      await load.run({ kind: 'say', line: 'CWD /', everyone: true })
      await load.run({ kind: 'say', line: `RMD ${folder}` })
      await load.run({ kind: 'leave' })
      return { up: perPiece(up, files), down: perPiece(down, files), removed: perPiece(removed, files) }
    },
    goal: goal(wanted),
  }
}

/** The same in TLS, where each data connection resumes the session of the control connection. */
export const tlsSmall: Workload = {
  ...small,
  name: 'tls-small',
  protocol: 'ftps',
  about: ({ tlsFiles }) => `${tlsFiles} files of 1 KiB in one session in TLS, resumed for each`,
  measure: (stage) => small.measure({ ...stage, size: { ...stage.size, files: stage.size.tlsFiles } }),
  goal: goal(1, ['up', 'down']),
}

/** So often as fast as the fastest peer in each of these. */
function goal(wanted: number, counting: readonly string[] = parts): NonNullable<Workload['goal']> {
  return (standing) => {
    const ratios = counting.map((part) => standing.hardest(part)?.ratio ?? 0)
    return {
      text: wanted === 1 ? 'not slower than the fastest peer' : `${wanted} times the fastest peer`,
      figure: ratios.map((ratio, index) => `${inWords(ratio)} ${counting[index] ?? ''}`).join(', '),
      reached: ratios.includes(0) ? undefined : Math.min(...ratios) >= wanted,
    }
  }
}
