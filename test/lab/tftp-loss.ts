// The table of loss against time: node test/lab/tftp-loss.ts [BYTES], as root. It runs in a network namespace of its own.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findProgram } from '../../bench/peers/unpacked.ts'
import { systemClock } from '../../src/core/clock.ts'
import { parsePath } from '../../src/core/path.ts'
import { tcpNetwork } from '../../src/net/tcp.ts'
import { connectTftp } from '../../src/tftp/client/connect.ts'

const losses = [0, 1, 5, 20]
const ferryPort = 7001
const hpaPort = 7002

if (process.env['FERRY_LAB'] === undefined) {
  const words = ['--net', process.execPath, import.meta.filename, ...process.argv.slice(2)]
  const env = { ...process.env, FERRY_LAB: 'inside' }
  process.exitCode = spawnSync('unshare', words, { stdio: 'inherit', env }).status ?? 1
} else await inside(Number(process.argv[2] ?? 200_000))

async function inside(size: number): Promise<void> {
  must('ip', ['link', 'set', 'lo', 'up'])
  // Without an address besides those of loopback tftpd-hpa finds none to listen on.
  must('ip', ['address', 'add', '192.0.2.1/32', 'dev', 'lo'])
  const folder = mkdtempSync(join(tmpdir(), 'ferry-loss-'))
  const content = randomBytes(size)
  writeFileSync(join(folder, 'file'), content, { mode: 0o644 })
  const children = start(folder)
  await delay(2000)
  process.on('exit', () => children.forEach((child) => child.kill()))
  say(`${size} bytes, each datagram lost with this chance, in either direction; seconds (and what arrived)`)
  say('loss  curl, tftpd-hpa  curl, ferry     ferry, tftpd-hpa ferry, ferry')
  for (const loss of losses) {
    lose(loss)
    const row = [
      await timed(content, () => byCurl(folder, hpaPort)),
      await timed(content, () => byCurl(folder, ferryPort)),
      await timed(content, () => byFerry(hpaPort)),
      await timed(content, () => byFerry(ferryPort)),
    ]
    say([`${loss} %`.padEnd(5), ...row.map((cell) => cell.padEnd(15))].join(' '))
  }
  rmSync(folder, { recursive: true })
  process.exit()
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function start(folder: string): ChildProcess[] {
  const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')
  const words = ['serve', folder, '--ftp=off', `--tftp=${ferryPort}`, '--host=127.0.0.1', '--quiet']
  const hpa = findProgram('tftpd-hpa', 'usr/sbin/in.tftpd') ?? ''
  return [
    spawn(process.execPath, [ferry, ...words], { stdio: 'ignore' }),
    spawn(hpa, ['-L', '-4', '-a', `127.0.0.1:${hpaPort}`, '-u', 'root', '-s', folder], { stdio: 'ignore' }),
  ]
}

/** By nftables, as not every kernel has netem. */
function lose(percent: number): void {
  const rule = percent === 0 ? '' : `meta l4proto udp numgen random mod 100 < ${percent} drop`
  const rules = `table ip loss\ndelete table ip loss\ntable ip loss { chain in { type filter hook input priority 0\n${rule}\n}\n}`
  must('nft', ['-f', '-'], rules)
}

async function timed(content: Buffer, get: () => Promise<Buffer | string>): Promise<string> {
  const before = performance.now()
  const got = await get()
  const seconds = ((performance.now() - before) / 1000).toFixed(2)
  if (typeof got === 'string') return `${seconds} (failed: ${got})`
  return got.equals(content) ? seconds : `${seconds} (WRONG BYTES)`
}

async function byCurl(folder: string, port: number): Promise<Buffer | string> {
  const to = join(folder, 'got')
  const words = ['-s', '-S', '--tftp-blksize', '1428', '-o', to, `tftp://127.0.0.1:${port}/file`]
  const child = spawn('curl', words, { stdio: 'ignore' })
  const code = await new Promise((resolve) => child.once('exit', resolve))
  return code === 0 ? readFileSync(to) : `curl ${String(code)}`
}

async function byFerry(port: number): Promise<Buffer | string> {
  const ask = { secret: async () => undefined, trust: async () => 'no' as const }
  const remote = await connectTftp({
    network: tcpNetwork(),
    clock: systemClock,
    host: '127.0.0.1',
    port,
    ask,
  })
  try {
    const file = await remote.open(parsePath('/file'), { read: true })
    const pieces: Buffer[] = []
    for (let at = 0; ;) {
      const piece = Buffer.alloc(65_536)
      const count = await file.read(piece, at)
      if (count === 0) break
      pieces.push(piece.subarray(0, count))
      at += count
    }
    await file.close()
    return Buffer.concat(pieces)
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown)
  } finally {
    await remote.end()
  }
}

function must(command: string, words: readonly string[], input = ''): void {
  const run = spawnSync(command, words, { input, encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`${command} ${words.join(' ')}: ${run.stderr}`)
}
