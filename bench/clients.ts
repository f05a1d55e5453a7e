import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Client, Far } from './clients/client.ts'
import { curl } from './clients/curl.ts'
import { ferry } from './clients/ferry.ts'
import { jobsOf, type Job, type JobName } from './clients/jobs.ts'
import { lftp } from './clients/lftp.ts'
import { rclone } from './clients/rclone.ts'
import { runClient, type Cost } from './clients/run-client.ts'
import { sftp } from './clients/sftp.ts'
import type { Contender } from './contender.ts'
import { delayingFtp } from './delaying-ftp.ts'
import { delayingProxy } from './delaying-proxy.ts'
import { makeGround, type Ground } from './ground.ts'
import { inWords, median } from './numbers.ts'
import { ferrySftp } from './peers/ferry-sftp.ts'
import { ferry as ferryServer } from './peers/ferry.ts'
import { openssh } from './peers/openssh.ts'
import { vsftpd } from './peers/vsftpd.ts'
import { Running } from './running.ts'

/** Our command beside curl, lftp, rclone and sftp, in turn, with one server: `npm run bench:clients`. */

const servers: Readonly<Record<string, Contender>> = {
  vsftpd,
  ferry: ferryServer,
  openssh,
  'ferry-sftp': ferrySftp,
}
const clients: readonly Client[] = [ferry, curl, lftp, rclone, sftp]
const jobNames: readonly JobName[] = ['big', 'small', 'same']

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    server: { type: 'string', default: 'vsftpd' },
    against: { type: 'string', default: 'curl,lftp,rclone,sftp' },
    rounds: { type: 'string', default: '5' },
    mebibytes: { type: 'string', default: '1024' },
    files: { type: 'string', default: '5000' },
    same: { type: 'string', default: '20000' },
    folder: { type: 'string', default: '/var/tmp' },
    /** Milliseconds of round trip between client and server. */
    delay: { type: 'string', default: '0' },
  },
})
process.umask(0o022)
const contender = servers[values.server]
if (contender === undefined) throw new Error(`--server: one of ${Object.keys(servers).join(', ')}`)
const missing = contender.missing()
if (missing !== undefined) throw new Error(`${contender.name}: ${missing}`)
const amounts = {
  mebibytes: Number(values.mebibytes),
  files: Number(values.files),
  same: Number(values.same),
}
const wanted = jobNames.filter((name) => positionals.length === 0 || positionals.includes(name))
const ground = makeGround(values.folder)
const server = await Running.start(contender, ground)
const delayMs = Number(values.delay)
const delaying = contender.protocol === 'sftp' ? delayingProxy : delayingFtp
const way = delayMs > 0 ? await delaying(server.at.port, delayMs) : undefined
console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Linux ${release()}, Node ${process.version}`)
console.log(
  `server ${values.server}, files on ${ground.fileSystem}, medians of ${values.rounds} rounds, ${delayMs} ms between them`,
)
const there = clients.filter(isWanted)
for (const job of jobsOf(wanted, amounts)) report(job, await measure(job))
way?.close()
await server.stop()
ground.remove()
process.exit()

/** Round by round, one client after the other. The first round warms the caches up, tells the memory, and else does not count. */
async function measure(job: Job): Promise<ReadonlyMap<string, readonly Cost[]>> {
  const costs = new Map<string, Cost[]>()
  const failed = new Set<Client>()
  job.prepare(ground)
  for (let round = 0; round <= Number(values.rounds); round += 1) {
    for (const client of there) {
      const deed = job.deed(client.name, ground)
      const start = client.start(deed, farOf(ground))
      if (start === undefined || failed.has(client)) continue
      const cost = await runClient(start, round === 0)
      if ('failed' in cost) {
        console.log(`\n${client.name} is left out of ${job.words}: ${cost.failed}`)
        failed.add(client)
        costs.delete(client.name)
        continue
      }
      job.finish(deed, ground)
      costs.set(client.name, [...(costs.get(client.name) ?? []), cost])
    }
  }
  if (failed.has(ferry)) process.exitCode = 1
  return costs
}

function report({ words }: Job, costs: ReadonlyMap<string, readonly Cost[]>): void {
  console.log(`\n${words}`)
  const own = counted(costs.get('ferry'))
  for (const [name, all] of costs) {
    const rounds = counted(all)
    const seconds = rounds.map((cost) => cost.seconds)
    const ratios = seconds.map((theirs, round) => theirs / (own[round]?.seconds ?? Number.NaN))
    const ratio =
      name === 'ferry'
        ? ''
        : `its time / ferry's ${inWords(median(ratios))} (${inWords(Math.min(...ratios))}–${inWords(Math.max(...ratios))})`
    console.log(
      [
        `  ${name.padEnd(6)}`,
        `${median(seconds).toFixed(2).padStart(7)} s`,
        `CPU ${median(rounds.map((cost) => cost.cpuSeconds)).toFixed(2)} s`,
        `peak ${inWords(all[0]?.peakMiB ?? Number.NaN)} MiB`,
        ratio,
      ].join('  '),
    )
  }
}

function counted(all: readonly Cost[] = []): readonly Cost[] {
  return all.slice(1)
}

function farOf({ folder, files }: Ground): Far {
  const home = join(folder, 'home')
  mkdirSync(home, { recursive: true })
  const protocol = contender?.protocol === 'sftp' ? 'sftp' : 'ftp'
  return {
    host: '127.0.0.1',
    ...server.at,
    ...(way === undefined ? {} : { port: way.port }),
    protocol,
    top: values.server === 'openssh' ? files : '',
    folder: home,
  }
}

function isWanted({ name, from }: Client): boolean {
  if (from === undefined) return true
  if (!values.against.split(',').includes(name)) return false
  const { error } = spawnSync(name, [name === 'sftp' ? '-h' : '--version'])
  if (error !== undefined) console.log(`SKIPPED ${name}: get it with: apt-get install ${from}`)
  return error === undefined
}
