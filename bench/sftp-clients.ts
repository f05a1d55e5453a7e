import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { delayingProxy } from './delaying-proxy.ts'
import { makeFile, makeGround } from './ground.ts'
import { median } from './numbers.ts'
import { ferrySftp } from './peers/ferry-sftp.ts'
import { openssh } from './peers/openssh.ts'
import { Running } from './running.ts'

/** One big file down and up by `ferry` and by OpenSSH's `sftp`, in turn, from sshd: `npm run bench:sftp-clients`. */

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    mebibytes: { type: 'string', default: '1024' },
    folder: { type: 'string', default: '/var/tmp' },
    /** Milliseconds of round trip, each measured by itself. */
    delays: { type: 'string', default: '0,50' },
    /** `ferry`: our server instead of sshd. */
    server: { type: 'string', default: 'openssh' },
  },
})
const bytes = Number(values.mebibytes) * 1024 * 1024
const ground = makeGround(values.folder)
makeFile(ground, 'big.bin', bytes)
const contender = values.server === 'ferry' ? ferrySftp : openssh
const missing = contender.missing()
if (missing !== undefined) throw new Error(`${contender.name}: ${missing}`)
const server = await Running.start(contender, ground)
console.log(
  `${values.mebibytes} MiB by SFTP, ${contender.name} as the server, the start of the program counted in; ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Linux ${release()}`,
)
const home = join(ground.folder, 'home')
mkdirSync(home)
const top = values.server === 'ferry' ? '' : ground.files
const clients = ['ferry', 'sftp'] as const
for (const delayMs of values.delays.split(',').map(Number)) {
  const proxy = delayMs === 0 ? undefined : await delayingProxy(server.at.port, delayMs)
  const port = proxy?.port ?? server.at.port
  for (const way of ['down', 'up'] as const) {
    const rates: Record<string, number[]> = { ferry: [], sftp: [] }
    // The first round warms the caches up and does not count.
    for (let round = 0; round <= Number(values.rounds); round += 1) {
      for (const client of clients) {
        const rate = await measure(client, way, port)
        if (round > 0) rates[client]?.push(rate)
      }
    }
    const [own = 0, theirs = 0] = clients.map((client) => median(rates[client] ?? []))
    console.log(
      `${String(delayMs).padStart(3)} ms ${way.padEnd(5)} ferry ${own.toFixed(0)} MB/s  sftp ${theirs.toFixed(0)} MB/s  ferry/sftp ${(own / theirs).toFixed(2)}`,
    )
  }
  proxy?.close()
}
await server.stop()
ground.remove()
process.exit()

/** Megabytes a second. */
async function measure(client: (typeof clients)[number], way: 'down' | 'up', port: number): Promise<number> {
  const start = performance.now()
  const far = way === 'down' ? 'big.bin' : `open/${client}.bin`
  const near = join(
    way === 'down' ? ground.folder : ground.files,
    way === 'down' ? `${client}.bin` : 'big.bin',
  )
  if (client === 'ferry') await ferry(way, port, far, near)
  else await sftp(way === 'down' ? `get ${far} ${near}` : `put ${near} ${far}`, port)
  const seconds = (performance.now() - start) / 1000
  rmSync(way === 'down' ? near : join(ground.files, far))
  return bytes / 1e6 / seconds
}

function ferry(way: 'down' | 'up', port: number, far: string, near: string): Promise<void> {
  const program = join(import.meta.dirname, '..', 'bin', 'ferry.js')
  const url = `sftp://${server.at.user}@127.0.0.1:${port}${top}/${far}`
  // Its configuration names the key and trusts any host: it is its only reader.
  const config = join(home, '.ssh')
  mkdirSync(config, { recursive: true })
  const lines = `Host *\n  IdentityFile ${server.at.key ?? ''}\n  StrictHostKeyChecking no\n  UserKnownHostsFile none\n`
  spawnSync('tee', [join(config, 'config')], { input: lines })
  const words = way === 'down' ? ['get', '-q', url, '-o', near] : ['put', '-q', near, url]
  return run(process.execPath, [program, ...words], '', { ...process.env, HOME: home, SSH_AUTH_SOCK: '' })
}

function sftp(line: string, port: number): Promise<void> {
  const options = [
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'IdentitiesOnly=yes',
    'LogLevel=ERROR',
  ]
  const common = ['-q', '-F', 'none', '-b', '-', '-P', String(port), '-i', server.at.key ?? '']
  const words = [...common, ...options.flatMap((option) => ['-o', option]), `${server.at.user}@127.0.0.1`]
  return run('sftp', words, `${line}\n`, process.env)
}

/** The proxy lives in this process, so nothing here may hold it up. */
function run(
  command: string,
  words: readonly string[],
  input: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(command, words, { stdio: ['pipe', 'ignore', 'pipe'], env })
    let said = ''
    child.stderr.on('data', (piece: Buffer) => (said = `${said}${piece.toString()}`.slice(-600)))
    child.once('error', fail)
    child.once('close', (code) => (code === 0 ? done() : fail(new Error(`${command}: ${said || code}`))))
    child.stdin.end(input)
  })
}
