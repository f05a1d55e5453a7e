import { spawnSync } from 'node:child_process'
import { cpus, release } from 'node:os'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { makeFile, makeGround, type Ground } from './ground.ts'
import { median } from './numbers.ts'
import { ferry } from './peers/ferry.ts'
import { vsftpd } from './peers/vsftpd.ts'
import { Running } from './running.ts'

/** One big file down and up by our command, by curl and by lftp, in turn, from one server: `npm run bench:clients`. */

interface Job {
  readonly url: string
  readonly user: string
  readonly password: string
  readonly local: string
}

interface Client {
  readonly name: string
  down(job: Job): readonly string[]
  up(job: Job): readonly string[]
}

const program = join(import.meta.dirname, '..', 'bin', 'ferry.js')

const clients: readonly Client[] = [
  {
    name: 'ferry',
    down: ({ url, local }) => [process.execPath, program, 'get', '-q', '--tls', 'off', url, '-o', local],
    up: ({ url, local }) => [process.execPath, program, 'put', '-q', '--tls', 'off', local, url],
  },
  {
    name: 'curl',
    down: ({ url, user, password, local }) => ['curl', '-sS', '-u', `${user}:${password}`, url, '-o', local],
    up: ({ url, user, password, local }) => ['curl', '-sS', '-u', `${user}:${password}`, '-T', local, url],
  },
  {
    name: 'lftp',
    down: (job) => lftp(job, `get ${job.url} -o ${job.local}`),
    up: (job) => lftp(job, `put ${job.local} -o ${job.url}`),
  },
]

function lftp({ url, user, password }: Job, deed: string): readonly string[] {
  return ['lftp', '-c', `set ftp:ssl-allow no; open -u ${user},${password} ${new URL(url).origin}; ${deed}`]
}

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    mebibytes: { type: 'string', default: '1024' },
    folder: { type: 'string', default: '/var/tmp' },
  },
})
const bytes = Number(values.mebibytes) * 1024 * 1024
process.umask(0o022)
const ground = makeGround(values.folder)
makeFile(ground, 'big.bin', bytes)
const contender = vsftpd.missing() === undefined ? vsftpd : ferry
const server = await Running.start(contender, ground)
console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Linux ${release()}, Node ${process.version}`)
console.log(
  `${values.mebibytes} MiB, server ${contender.name}, files on ${ground.fileSystem}, ${values.rounds} rounds`,
)
const there = clients.filter(({ name }) => name === 'ferry' || isThere(name))
for (const way of ['down', 'up'] as const) {
  const samples = new Map<string, number[]>(there.map(({ name }) => [name, []]))
  // The first round warms the caches up and does not count.
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    for (const client of there) {
      const rate = measure(client, way, ground)
      if (round > 0) samples.get(client.name)?.push(rate)
    }
  }
  const own = median(samples.get('ferry') ?? [])
  for (const [name, rates] of samples) {
    const theirs = median(rates)
    console.log(
      `${way.padEnd(5)} ${name.padEnd(6)} ${theirs.toFixed(0).padStart(6)} MB/s  ferry/it ${(own / theirs).toFixed(2)}`,
    )
  }
}
await server.stop()
ground.remove()

/** Megabytes a second, the start of the program counted in. */
function measure(client: Client, way: 'down' | 'up', { folder, files }: Ground): number {
  const { host, port, user, password } = server.at
  const local = way === 'down' ? join(folder, `${client.name}.bin`) : join(files, 'big.bin')
  const path = way === 'down' ? 'big.bin' : `open/${client.name}.bin`
  const url = `ftp://${host}:${port}/${path}`
  const [command = '', ...words] = client[way]({ url, user, password, local })
  const env = { ...process.env, FERRY_PASSWORD: password }
  const shown =
    client.name === 'ferry' ? words.map((word) => word.replace('ftp://', `ftp://${user}@`)) : words
  const start = performance.now()
  const { status, stderr } = spawnSync(command, shown, { env, encoding: 'utf8' })
  const seconds = (performance.now() - start) / 1000
  if (status !== 0) throw new Error(`${client.name} ${way}: ${stderr}`)
  rmSync(way === 'down' ? local : join(files, path))
  return bytes / 1e6 / seconds
}

function isThere(name: string): boolean {
  const there = spawnSync(name, ['--version']).status === 0
  if (!there) console.log(`SKIPPED ${name}: get it with: apt-get install ${name}`)
  return there
}
