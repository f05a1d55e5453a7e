import { join } from 'node:path'
import { gauge, perByte, type Measured } from '../gauge.ts'
import { makeFile, uploadPath } from '../ground.ts'
import { inMiB, inWords } from '../numbers.ts'
import type { Running } from '../running.ts'
import type { Sample, Stage, Standing, Workload } from '../workload.ts'

const suites = [
  { name: '1.3 AES-128', version: '1.3', cipher: 'TLS_AES_128_GCM_SHA256' },
  { name: '1.3 AES-256', version: '1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
  { name: '1.2 AES-128', version: '1.2', cipher: 'ECDHE-ECDSA-AES128-GCM-SHA256' },
] as const

const verbs = { down: 'RETR', up: 'STOR' } as const
const ways = ['down', 'up'] as const

type Way = (typeof ways)[number]
type TlsSuite = (typeof suites)[number]

/** Moves a file once. */
type Mover = (stage: Stage, server: Running, way: Way, suite: TlsSuite) => Promise<Measured>

/** One big file down and up in TLS. */
export const tls: Workload = workload('tls', 'in one stream in TLS', byOurs)

/** The same by a client that people use, which takes as much CPU for it as a server. */
export const tlsProgram: Workload = workload('tls-program', 'in TLS by curl, without its login', byCurl)

function workload(name: string, how: string, move: Mover): Workload {
  return {
    name,
    protocol: 'ftps',
    about: ({ tlsBytes: bytes }) => `${inMiB(bytes)} down and up ${how}`,
    parts: suites.flatMap((suite) =>
      ways.map((way) => ({
        name: `${verbs[way]} ${suite.name}`,
        unit: 'MB/s',
        better: 'higher' as const,
        cpuUnit: 's/GB' as const,
      })),
    ),
    rounds: 5,
    warmups: 1,
    prepare: (ground, { tlsBytes: bytes }) => makeFile(ground, file, bytes),
    measure: (stage) => measure(stage, move),
    goal: (standing) => {
      const [down, up] = ways.map((way) => worst(standing, verbs[way]))
      return {
        text: '1.4 times the fastest peer down, 2.5 times up',
        figure: `${inWords(down ?? 0)} down, ${inWords(up ?? 0)} up`,
        reached: down === undefined || up === undefined ? undefined : down >= 1.4 && up >= 2.5,
      }
    },
  }
}

const file = 'tls.bin'

async function measure(stage: Stage, move: Mover): Promise<Record<string, Sample>> {
  const { load, size } = stage
  const server = await stage.shared()
  const samples: Record<string, Sample> = {}
  const remove = async (): Promise<void> => {
    await load.run({ kind: 'enter', at: server.at, sessions: 1 })
    await load.run({ kind: 'say', line: `DELE ${target(server)}` })
    await load.run({ kind: 'leave' })
  }
  // As in `stor`: memory that nobody has used for a moment is slow to get, and who comes first would pay for it.
  await move(stage, server, 'up', suites[0])
  await remove()
  for (const suite of suites) {
    for (const way of ways)
      samples[`${verbs[way]} ${suite.name}`] = perByte(await move(stage, server, way, suite), size.tlsBytes)
    // Each upload is a new file: over an old one it would be its disk that is measured.
    await remove()
  }
  return samples
}

/** By the load generator itself. */
async function byOurs({ load, size }: Stage, server: Running, way: Way, suite: TlsSuite): Promise<Measured> {
  await load.run({ kind: 'enter', at: server.at, sessions: 1, suite })
  const measured = await gauge(load, server, {
    ...(way === 'up' ? { kind: 'upload', path: target(server) } : { kind: 'download', path: file }),
    bytes: size.tlsBytes,
  })
  await load.run({ kind: 'leave' })
  return measured
}

async function byCurl(
  { load, ground }: Stage,
  server: Running,
  way: Way,
  { version, cipher }: TlsSuite,
): Promise<Measured> {
  const path = way === 'up' ? target(server) : file
  const what = { at: server.at, way, path, file: join(ground.files, file), version, cipher }
  const measured = await gauge(load, server, { kind: 'curl', what })
  return { ...measured, seconds: Number(measured.text) }
}

function target(server: Running): string {
  return uploadPath(server.name).slice(1)
}

function worst(standing: Standing, verb: string): number | undefined {
  const ratios = suites.map(({ name }) => standing.hardest(`${verb} ${name}`)?.ratio)
  const known = ratios.filter((ratio) => ratio !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
