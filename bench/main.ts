import { cpus, release } from 'node:os'
import type { Contender } from './contender.ts'
import { fetchPeers } from './fetch.ts'
import { makeGround } from './ground.ts'
import { atftpd } from './peers/atftpd.ts'
import { dnsmasq } from './peers/dnsmasq.ts'
import { ferrySftp } from './peers/ferry-sftp.ts'
import { ferryTftp } from './peers/ferry-tftp.ts'
import { ferry, ferryTls } from './peers/ferry.ts'
import { ferryMany, ferryRuled, ferryTen } from './peers/ferry-kept.ts'
import { openssh } from './peers/openssh.ts'
import { proftpdSftp } from './peers/proftpd-sftp.ts'
import { proftpd, proftpdTls } from './peers/proftpd.ts'
import { publishedFerry, sshR } from './peers/published.ts'
import { pureFtpd, pureFtpdTls } from './peers/pure-ftpd.ts'
import { pyftpdlib } from './peers/pyftpdlib.ts'
import { tftpdHpa } from './peers/tftpd-hpa.ts'
import { vsftpd, vsftpdTls } from './peers/vsftpd.ts'
import { withWorkers } from './peers/with-workers.ts'
import { report } from './report.ts'
import { runRounds, type Outcome } from './rounds.ts'
import { parseWords, usage, type Words } from './words.ts'
import type { Size, Workload } from './workload.ts'
import { abuse } from './workloads/abuse.ts'
import { bans } from './workloads/bans.ts'
import { boot } from './workloads/boot.ts'
import { idle, tlsIdle } from './workloads/idle.ts'
import { list } from './workloads/list.ts'
import { logins, tlsLogins } from './workloads/logins.ts'
import { mixed } from './workloads/mixed.ts'
import { memory } from './workloads/memory.ts'
import { parse } from './workloads/parse.ts'
import { published } from './workloads/published.ts'
import { retr } from './workloads/retr.ts'
import { sftpIdle } from './workloads/sftp-idle.ts'
import { sftpLogins } from './workloads/sftp-logins.ts'
import { sftpMemory } from './workloads/sftp-memory.ts'
import { sftpProgram } from './workloads/sftp-program.ts'
import { sftpList } from './workloads/sftp-list.ts'
import { sftpSmall } from './workloads/sftp-small.ts'
import { sftp } from './workloads/sftp.ts'
import { small, smallAtOnce, tlsSmall } from './workloads/small.ts'
import { stor } from './workloads/stor.ts'
import { tftp } from './workloads/tftp.ts'
import { tls, tlsProgram } from './workloads/tls.ts'

const workloads: readonly Workload[] = [
  retr,
  stor,
  list,
  idle,
  memory,
  small,
  smallAtOnce,
  logins,
  mixed,
  tftp,
  boot,
  parse,
  sftp,
  sftpProgram,
  sftpSmall,
  sftpList,
  sftpLogins,
  sftpIdle,
  sftpMemory,
  tls,
  tlsProgram,
  tlsLogins,
  tlsSmall,
  tlsIdle,
  published,
  bans,
  abuse,
]
const peers: readonly Contender[] = [
  vsftpd,
  proftpd,
  pureFtpd,
  pyftpdlib,
  tftpdHpa,
  atftpd,
  dnsmasq,
  openssh,
  proftpdSftp,
  vsftpdTls,
  proftpdTls,
  pureFtpdTls,
  sshR,
  ferryTen,
  ferryMany,
  ferryRuled,
]

const mebibyte = 1024 * 1024
const full: Size = {
  bytes: 1024 * mebibyte,
  fewBytes: 10 * mebibyte,
  entries: 100_000,
  sessions: 2000,
  files: 5000,
  logins: 500,
  turns: 10,
  mixedBytes: 4 * mebibyte,
  tlsFiles: 200,
  tlsBytes: 512 * mebibyte,
  tlsSessions: 1000,
  sftpSessions: 1000,
  publishedBytes: 512 * mebibyte,
  tftpBytes: 100 * mebibyte,
  bootClients: 200,
  bootBytes: 2 * mebibyte,
  crowd: 10_000,
  abuseSeconds: 5,
}
/** As little as shows that everything still works. */
const tiny: Size = {
  bytes: mebibyte,
  fewBytes: 1024,
  entries: 50,
  sessions: 5,
  files: 5,
  logins: 5,
  turns: 2,
  mixedBytes: 65_536,
  tlsFiles: 5,
  tlsBytes: mebibyte,
  tlsSessions: 5,
  sftpSessions: 5,
  publishedBytes: mebibyte,
  tftpBytes: 25 * 16_384,
  bootClients: 5,
  bootBytes: 20_000,
  crowd: 5,
  abuseSeconds: 0.3,
}

// The servers that run are killed on the way out.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))
process.umask(0o022)

const say = (text: string) => process.stderr.write(`${text}\n`)
try {
  const words = parseWords(
    process.argv.slice(2),
    workloads.map(({ name }) => name),
    peers.map(({ name }) => name),
  )
  if (words.help) console.log(usage)
  else if (words.fetch) fetchPeers(say)
  else process.exitCode = await bench(words)
} catch (thrown) {
  say(`${thrown instanceof Error ? thrown.message : String(thrown)}\n${usage}`)
  process.exitCode = 2
}

/** Runs what was asked for; 1 when our own server failed. How fast it was never decides. */
async function bench(words: Words): Promise<number> {
  const ground = makeGround(words.folder)
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Linux ${release()}, Node ${process.version}, files on ${ground.fileSystem}`
  if (!words.json) console.log(`${machine}, in the page cache; loopback`)
  const outcomes: Outcome[] = []
  for (const workload of workloads.filter(({ name }) => words.workloads.includes(name))) {
    const size = words.smoke ? tiny : full
    workload.prepare(ground, size)
    const plan = {
      contenders: contenders(workload, words),
      ground,
      size,
      rounds: words.rounds ?? (words.smoke ? 1 : workload.rounds),
      warmups: words.smoke ? 0 : workload.warmups,
      patienceMs: words.smoke ? 0 : words.patienceMs,
      say: words.json ? () => {} : say,
    }
    const outcome = await runRounds(workload, plan)
    outcomes.push(outcome)
    if (!words.json) console.log(report(workload, outcome))
  }
  if (words.json) console.log(JSON.stringify({ machine, outcomes }))
  ground.remove()
  return outcomes.some(({ failures }) => failures.some(({ server }) => server === ferry.name)) ? 1 : 0
}

function contenders(workload: Workload, words: Words): Contender[] {
  const { protocol = 'ftp' } = workload
  const ours = { ftp: ferry, ftps: ferryTls, sftp: ferrySftp, tftp: ferryTftp, published: publishedFerry }[
    protocol
  ]
  const own = words.workers === undefined ? [ours] : withWorkers(ours, words.workers)
  if (workload.ours === true && words.against === undefined) return [...own]
  const wanted = peers.filter(
    (peer) => peer.protocol === protocol && (words.against?.includes(peer.name) ?? peer.onlyByName !== true),
  )
  const there = wanted.filter((peer) => {
    const missing = peer.missing()
    if (missing !== undefined) say(`SKIPPED ${peer.name}: ${missing}`)
    return missing === undefined
  })
  return [...own, ...there]
}
