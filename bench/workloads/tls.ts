import { join } from 'node:path'
import { gauge, perByte } from '../gauge.ts'
import { makeFile, uploadPath } from '../ground.ts'
import { inMiB, inWords } from '../numbers.ts'
import type { Sample, Standing, Workload } from '../workload.ts'

const suites = [
  { name: '1.3 AES-128', version: '1.3', cipher: 'TLS_AES_128_GCM_SHA256' },
  { name: '1.3 AES-256', version: '1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
  { name: '1.2 AES-128', version: '1.2', cipher: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
] as const

const verbs = { down: 'RETR', up: 'STOR' } as const
const ways = ['down', 'up'] as const

/** One big file down and up in TLS, by curl: the same client for all, and without the time of its login. */
export const tls: Workload = {
  name: 'tls',
  protocol: 'ftps',
  about: ({ tlsBytes: bytes }) => `${inMiB(bytes)} down and up in TLS by curl, without its login`,
  parts: suites.flatMap(({ name }) =>
    ways.map((way) => ({
      name: `${verbs[way]} ${name}`,
      unit: 'MB/s',
      better: 'higher' as const,
      cpuUnit: 's/GB' as const,
    })),
  ),
  rounds: 5,
  warmups: 1,
  prepare: (ground, { tlsBytes: bytes }) => makeFile(ground, 'tls.bin', bytes),
  measure: async ({ ground, load, size: { tlsBytes: bytes }, shared }) => {
    const server = await shared()
    const samples: Record<string, Sample> = {}
    const path = uploadPath(server.name).slice(1)
    const file = join(ground.files, 'tls.bin')
    const move = (way: 'down' | 'up', { version, cipher }: (typeof suites)[number]) => {
      const what = { at: server.at, way, path: way === 'up' ? path : 'tls.bin', file, version, cipher }
      return gauge(load, server, { kind: 'curl', what })
    }
    const remove = async (): Promise<void> => {
      await load.run({ kind: 'enter', at: server.at, sessions: 1 })
      await load.run({ kind: 'say', line: `DELE ${path}` })
      await load.run({ kind: 'leave' })
    }
    // As in `stor`: memory that nobody has used for a moment is slow to get, and who comes first would pay for it.
    await move('up', suites[0])
    await remove()
    for (const suite of suites) {
      for (const way of ways) {
        const measured = await move(way, suite)
        samples[`${verbs[way]} ${suite.name}`] = perByte(
          { ...measured, seconds: Number(measured.text) },
          bytes,
        )
      }
      // Each upload is a new file: over an old one it would be its disk that is measured.
      await remove()
    }
    return samples
  },
  goal: (standing) => {
    const [down, up] = ways.map((way) => worst(standing, verbs[way]))
    return {
      text: '1.4 times the fastest peer down, 2.5 times up',
      figure: `${inWords(down ?? 0)} down, ${inWords(up ?? 0)} up`,
      reached: down === undefined || up === undefined ? undefined : down >= 1.4 && up >= 2.5,
    }
  },
}

function worst(standing: Standing, verb: string): number | undefined {
  const ratios = suites.map(({ name }) => standing.hardest(`${verb} ${name}`)?.ratio)
  const known = ratios.filter((ratio) => ratio !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
