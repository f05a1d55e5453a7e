import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { Ferry } from '../ferry.ts'
import { runProgram, type Ended } from '../program.ts'

const command = join(import.meta.dirname, '..', '..', '..', 'bin', 'ferry.js')

/** An SSH host, and the key that lets us in. */
export interface Far {
  readonly port: number
  readonly user?: string
  readonly keyFile: string
}

/** Our server, for `u` with the password `p`, published through an SSH host, and a folder for its clients. */
export class PublishedPlace implements AsyncDisposable {
  readonly home: string
  readonly #ferry: Ferry

  private constructor(home: string, ferry: Ferry) {
    this.home = home
    this.#ferry = ferry
  }

  /** `words`: more for `ferry serve`. */
  static async open(far: Far, ...words: readonly string[]): Promise<PublishedPlace> {
    const home = await mkdtemp(join(tmpdir(), 'ferry-published-'))
    for (const folder of ['.ssh', 'served', 'client']) await mkdir(join(home, folder))
    const { port, user = userInfo().username, keyFile } = far
    const lines = [
      'Host far',
      'HostName 127.0.0.1',
      `Port ${port}`,
      `User ${user}`,
      `IdentityFile ${keyFile}`,
    ]
    const trust = ['Host *', 'StrictHostKeyChecking accept-new']
    await writeFile(join(home, '.ssh', 'config'), `${[...lines, ...trust].join('\n')}\n`)
    const publish = ['--publish', 'far', '--publish-ftp', '0', '--publish-sftp', '0']
    const data = ['--data', join(home, 'data'), '--ftp', '0', '--user', 'u:p', '--json']
    const all = [join(home, 'served'), ...data, ...publish, ...words]
    const ferry = new Ferry(all, ['env', `HOME=${home}`])
    await ferry.until('the ready line', ({ ready }) => ready === true)
    return new PublishedPlace(home, ferry)
  }

  get ferry(): Ferry {
    return this.#ferry
  }

  /** The port at the SSH host. */
  port(protocol: 'ftp' | 'ftps' | 'sftp'): number {
    const ready = this.ferry.lines.find((line) => line.ready === true)
    const found = ready?.listeners?.find((one) => one.through !== undefined && one.protocol === protocol)
    if (found === undefined) throw new Error(`no ${protocol} at the SSH host: ${JSON.stringify(ready)}`)
    return found.port
  }

  served(name = ''): string {
    return join(this.home, 'served', name)
  }

  client(name = ''): string {
    return join(this.home, 'client', name)
  }

  /** Runs a client in its folder. */
  run(program: string, ...words: readonly string[]): Promise<Ended> {
    return runProgram(program, words, { folder: this.client() })
  }

  /** Runs our own client, which takes a password from a URL; OpenSSH's takes none from a program. */
  ours(...words: readonly string[]): Promise<Ended> {
    return runProgram(process.execPath, [command, ...words], { folder: this.home })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ferry.stop()
    await rm(this.home, { recursive: true, force: true })
    const bug = this.#ferry.lines.find(({ event }) => event === 'bug')
    if (bug !== undefined) throw new Error(`the server had a bug: ${JSON.stringify(bug)}`)
  }
}

/** A Ferry as the SSH host: it lets `office` in by a key, and listen on these ports. */
export class FarFerry implements AsyncDisposable, Far {
  readonly user = 'office'
  readonly keyFile: string
  readonly #folder: string
  readonly #ferry: Ferry

  private constructor(folder: string, ferry: Ferry) {
    this.#folder = folder
    this.keyFile = join(folder, 'key')
    this.#ferry = ferry
  }

  static async open(ports: string): Promise<FarFerry> {
    const folder = await mkdtemp(join(tmpdir(), 'ferry-far-'))
    const data = ['--data', join(folder, 'data')]
    await mkdir(join(folder, 'served'))
    must('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key'))
    const user = [process.execPath, command, 'user'] as const
    must(...user, 'add', 'office', ...data, '--generate', `publish=${ports}`)
    must(...user, 'key', 'office', 'add', join(folder, 'key.pub'), ...data)
    const ferry = new Ferry([join(folder, 'served'), '--ftp', 'off', '--sftp', '0', ...data, '--json'])
    await ferry.until('the ready line', ({ ready }) => ready === true)
    return new FarFerry(folder, ferry)
  }

  get port(): number {
    return this.#ferry.port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ferry.stop()
    await rm(this.#folder, { recursive: true, force: true })
    const bug = this.#ferry.lines.find(({ event }) => event === 'bug')
    if (bug !== undefined) throw new Error(`the SSH host had a bug: ${JSON.stringify(bug)}`)
  }
}

function must(program: string, ...words: readonly string[]): void {
  const { status, stderr } = spawnSync(program, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${stderr}`)
}
