import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { makeEntries, makeFile, makeGround, uploadPath } from './ground.ts'
import { holdings, type Holdings } from './holdings.ts'
import { Load } from './load/load.ts'
import type { Address, Task } from './load/task.ts'
import { inWords } from './numbers.ts'
import { ferryWhole } from './peers/ferry-whole.ts'
import { rudeClients } from './rude.ts'
import { Running } from './running.ts'

/** All protocols at once for a long time, and clients that vanish among them: what the server holds must not grow. */
const { minutes, restMs } = parseWords()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))

const fileBytes = 4 * 1024 * 1024
const entries = 1000
const file = '/soak.dat'
const list = '/soak-entries'
const own = uploadPath('ferry')
const ground = makeGround('/var/tmp')
makeFile(ground, file.slice(1), fileBytes)
makeEntries(ground, list.slice(1), entries)

let port: (protocol: string) => number = () => 0
const server = await Running.start(
  ferryWhole((found) => {
    port = found
  }),
  ground,
)
const { at } = server
const atRest = holdings(server.pid)
const samples: Holdings[] = []
const watching = setInterval(() => samples.push(holdings(server.pid)), Math.min(10_000, minutes * 6000))
const until = performance.now() + minutes * 60_000
const done = await Promise.all([
  repeat('mixed by FTP', mixed(at, `${own}-ftp`)),
  repeat('mixed by FTPS', mixed({ ...at, tls: true }, `${own}-ftps`)),
  repeat('SFTP', sftp({ ...at, port: port('sftp') }, `${own}-sftp`)),
  repeat('TFTP', [tftp({ ...at, port: port('tftp') })]),
  repeat('logins', [{ kind: 'logins', at, count: 50, lanes: 4 }]),
  vanishing(),
])
clearInterval(watching)
// Whoever vanished is noticed, and what was closed leaves the kernel's tables.
await sleep(5000)
tell(holdings(server.pid))
await server.stop()
ground.remove()

function parseWords(): { readonly minutes: number; readonly restMs: number } {
  const { values } = parseArgs({
    options: { minutes: { type: 'string', default: '30' }, 'rest-ms': { type: 'string', default: '0' } },
  })
  const words = { minutes: Number(values.minutes), restMs: Number(values['rest-ms']) }
  if (words.minutes > 0 && words.restMs >= 0) return words
  process.stderr.write(
    'npm run soak -- [--minutes N] [--rest-ms N]   how long, and how long each client rests\n',
  )
  process.exit(2)
}

/** Does the tasks again and again by a load generator of its own; says how often. */
async function repeat(name: string, tasks: readonly Task[]): Promise<string> {
  const load = new Load()
  let rounds = 0
  try {
    for (; rounds === 0 || performance.now() < until; rounds += 1) {
      for (const task of tasks) await load.run(task)
      await sleep(restMs)
    }
  } finally {
    load.end()
  }
  return `${rounds} × ${name}`
}

async function vanishing(): Promise<string> {
  let count = 0
  for (; count === 0 || performance.now() < until; count += 1) {
    for (const rude of rudeClients) await rude({ ftp: at.port, ssh: port('sftp'), file })
    await sleep(100 + restMs)
  }
  return `${count} × ${rudeClients.length} clients that vanish`
}

function mixed(to: Address, folder: string): Task[] {
  const what = { turns: 4, folder, file, bytes: fileBytes, list, entries }
  return [
    { kind: 'enter', at: to, sessions: 16 },
    { kind: 'say', line: `MKD ${folder}` },
    { kind: 'mixed', what },
    { kind: 'say', line: `RMD ${folder}` },
    { kind: 'leave' },
  ]
}

function sftp(to: Address, path: string): Task[] {
  return [
    { kind: 'sftp', what: { deed: 'enter', at: to, sessions: 4 } },
    { kind: 'sftp', what: { deed: 'get', path: file, bytes: fileBytes } },
    { kind: 'sftp', what: { deed: 'put', path, bytes: fileBytes } },
    { kind: 'sftp', what: { deed: 'remove', path } },
    { kind: 'sftp', what: { deed: 'leave' } },
  ]
}

function tftp(to: Address): Task {
  const wish = { path: file, bytes: fileBytes, blockSize: 1428, window: 8 }
  return { kind: 'tftp', at: to, clients: 4, wish }
}

function tell(after: Holdings): void {
  const tenth = Math.ceil(samples.length / 10)
  const middle = Math.floor(samples.length / 2)
  const rows: readonly (readonly [string, Holdings | undefined])[] = [
    ['before', atRest],
    ['a tenth of the time', samples[tenth - 1]],
    ['half of the time', samples[middle]],
    ['the end', samples.at(-1)],
    ['at rest again', after],
  ]
  console.log(`${minutes} minutes: ${done.join(', ')}`)
  console.log(
    `${''.padEnd(22)}${'RSS MiB'.padStart(9)}${'handles'.padStart(9)}${'listeners'.padStart(11)}${'connections'.padStart(13)}`,
  )
  for (const [name, held] of rows) if (held !== undefined) console.log(line(name, held))
  console.log(`most RSS in between: ${inWords(Math.max(...samples.map(({ rssMiB }) => rssMiB)))} MiB`)
}

function line(name: string, { rssMiB, handles, listeners, connections }: Holdings): string {
  const figures = [inWords(rssMiB).padStart(9), String(handles).padStart(9), String(listeners).padStart(11)]
  return `${name.padEnd(22)}${figures.join('')}${String(connections).padStart(13)}`
}
