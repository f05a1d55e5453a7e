import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs'
import { createSocket } from 'node:dgram'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Contender, Launch } from './contender.ts'
import type { Ground } from './ground.ts'
import type { Address } from './load/task.ts'

/** Process groups of servers that run: none of them may be left when the bench ends, whatever it ends of. */
const groups = new Set<number>()
process.on('exit', () => groups.forEach(killGroup))

const patienceMs = 15_000
const printed = 'printed'
const complaints = 'complaints'

/** A server that runs, in a process group of its own. */
export class Running {
  readonly name: string
  readonly pid: number
  readonly at: Address
  readonly #folder: string
  readonly #child: ChildProcess

  private constructor(contender: Contender, child: ChildProcess, folder: string, place: Place) {
    this.name = contender.name
    this.pid = child.pid ?? 0
    const { user, password, key, protocol } = contender
    const tls = protocol === 'ftps'
    this.at = { ...place, user, password, tls, ...(key === undefined ? {} : { key: key(folder) }) }
    this.#folder = folder
    this.#child = child
  }

  /** Starts a server and waits until it greets. */
  static async start(contender: Contender, ground: Ground): Promise<Running> {
    const folder = mkdtempSync(join(ground.folder, `${contender.name}-`))
    const freePort = await findPort()
    const launch = contender.prepare({ files: ground.files, folder, port: freePort })
    const child = await launchServer(launch, folder)
    const port = () =>
      launch.port === undefined ? freePort : launch.port(readFileSync(join(folder, printed), 'utf8'))
    const place = () => launch.at ?? at('127.0.0.1', port())
    const greets = greetings[contender.protocol]
    try {
      return new Running(contender, child, folder, await greeting(place, greets, child))
    } catch (cause) {
      const unborn = new Running(contender, child, folder, { host: '', port: 0 })
      await unborn.stop()
      throw new Error(`it did not start. ${unborn.complaints()}`, { cause })
    }
  }

  /** The end of what it has complained about. */
  complaints(): string {
    return readFileSync(join(this.#folder, complaints), 'utf8').slice(-600)
  }

  /** Asks it to end, and kills whatever is left of it soon after. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM')
    for (const until = Date.now() + 2000; !hasEnded(this.#child) && Date.now() < until;) await sleep(10)
    killGroup(this.pid)
    groups.delete(this.pid)
  }
}

/** What the server prints goes into files: a pipe that nobody empties would stop it. */
function launchServer(launch: Launch, folder: string): Promise<ChildProcess> {
  const out = openSync(join(folder, printed), 'a')
  const complain = openSync(join(folder, complaints), 'a+')
  const child = spawn(launch.command, launch.words, {
    detached: true,
    // vsftpd complains to its stdin: that is the client when inetd starts it.
    stdio: [complain, out, complain],
    env: { ...process.env, ...launch.environment },
  })
  closeSync(out)
  closeSync(complain)
  if (child.pid !== undefined) groups.add(child.pid)
  return new Promise((done, fail) => child.once('spawn', () => done(child)).once('error', fail))
}

interface Place {
  readonly host: string
  readonly port: number
}

function at(host: string, port: number | undefined): Place | undefined {
  return port === undefined ? undefined : { host, port }
}

async function greeting(
  find: () => Place | undefined,
  greets: (place: Place) => Promise<boolean>,
  child: ChildProcess,
): Promise<Place> {
  for (const until = Date.now() + patienceMs; Date.now() < until; await sleep(20)) {
    if (hasEnded(child)) throw new Error('it ended at once')
    const place = find()
    if (place !== undefined && (await greets(place))) return place
  }
  throw new Error(`no greeting within ${patienceMs / 1000} s`)
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

const greetings: Readonly<Record<Contender['protocol'], (place: Place) => Promise<boolean>>> = {
  ftp: (place) => greets(place, '220', 'QUIT\r\n'),
  published: (place) => greets(place, '220', 'QUIT\r\n'),
  ftps: (place) => greets(place, '220', 'QUIT\r\n'),
  sftp: (place) => greets(place, 'SSH-2.0-', ''),
  tftp: answersByTftp,
}

function greets({ host, port }: Place, greeting: string, farewell: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, host)
    socket.once('data', (bytes) =>
      socket.end(farewell, () => done(bytes.toString('latin1').startsWith(greeting))),
    )
    socket.once('error', () => done(false)).once('close', () => done(false))
  })
}

/** TFTP greets nobody: it is there when it says that there is no such file. */
function answersByTftp({ host, port }: Place): Promise<boolean> {
  return new Promise((done) => {
    const socket = createSocket('udp4')
    const end = (answered: boolean) => {
      clearTimeout(timer)
      socket.close()
      done(answered)
    }
    const timer = setTimeout(() => end(false), 200)
    socket.once('message', () => end(true))
    socket.send('\0\u0001nothing-of-this-name\0octet\0', port, host)
  })
}

function findPort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer().once('error', fail)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => done(port))
    })
  })
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody is left in it.
  }
}
