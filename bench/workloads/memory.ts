import { gauge } from '../gauge.ts'
import { makeFile, uploadPath } from '../ground.ts'
import { inMiB, inWords } from '../numbers.ts'
import type { Stage, Standing, Verdict, Workload } from '../workload.ts'

/** What is measured of a server's memory. */
export const memoryParts = ['down, small', 'down, big', 'up, small', 'up, big'] as const

/** The most memory that a server holds while it moves a small file, and a big one. */
export const memory: Workload = {
  name: 'memory',
  ...whileMoving('', source, peak),
}

/** What measurements of memory have in common, whatever moves the files. `by`: what the table says of it. */
export function whileMoving(
  by: string,
  source: (bytes: number) => string,
  peak: (stage: Stage, way: 'down' | 'up', bytes: number) => Promise<number>,
): Omit<Workload, 'name'> {
  return {
    about: ({ bytes, fewBytes }) =>
      `peak RSS while moving ${inMiB(fewBytes)} (small) and ${inMiB(bytes)} (big)${by}`,
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
        'down, small': { value: await peak(stage, 'down', fewBytes) },
        'down, big': { value: await peak(stage, 'down', bytes) },
        'up, small': { value: await peak(stage, 'up', fewBytes) },
        'up, big': { value: await peak(stage, 'up', bytes) },
      }
    },
    goal: flatMemory,
  }
}

/** A big file takes no more memory than a small one. */
export function flatMemory(standing: Standing): Verdict {
  const more = (way: 'down' | 'up') => {
    const [small = Number.NaN, big = Number.NaN] = [
      standing.ours(`${way}, small`),
      standing.ours(`${way}, big`),
    ]
    return { mebibytes: big - small, share: big / small - 1 }
  }
  const both = [more('down'), more('up')]
  return {
    text: 'as much memory for the big file as for the small one, within a tenth',
    figure: `${both.map(({ mebibytes }) => inWords(mebibytes)).join(' and ')} MiB more`,
    reached: both.some(({ share }) => Number.isNaN(share))
      ? undefined
      : both.every(({ share }) => share < 0.1),
  }
}

/** Each in a server that has done nothing else: memory once taken is seldom given back. */
async function peak({ load, fresh }: Stage, way: 'down' | 'up', bytes: number): Promise<number> {
  const kind = way === 'down' ? 'download' : 'upload'
  const server = await fresh()
  try {
    const path = way === 'down' ? source(bytes) : uploadPath(server.name)
    await load.run({ kind: 'enter', at: server.at, sessions: 1 })
    const { peakMiB } = await gauge(load, server, { kind, path, bytes })
    if (way === 'up') await load.run({ kind: 'say', line: `DELE ${path}` })
    return peakMiB
  } finally {
    await server.stop()
  }
}

function source(bytes: number): string {
  return `of-${bytes}.bin`
}
