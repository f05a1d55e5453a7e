import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/** A line that `ferry serve --json` prints. */
export interface FerryLine {
  readonly ready?: boolean
  readonly listeners?: readonly {
    readonly protocol: string
    readonly address: string
    readonly port: number
    /** The SSH host whose port it is. */
    readonly through?: string
  }[]
  readonly user?: string
  readonly password?: string
  /** The fingerprint of the certificate. */
  readonly certificate?: string
  readonly event?: string
  readonly session?: string
  readonly from?: 'client' | 'server'
  readonly line?: string
  /** Of TLS. */
  readonly version?: string
  /** Of a way through an SSH host. */
  readonly up?: boolean
  /** What a warning says. */
  readonly text?: string
  readonly path?: string
  readonly bytes?: number
  readonly outcome?: 'complete' | 'incomplete'
}

/** How a server ended. */
export interface FerryEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stderr: string
}

const command = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')

/** How long to wait for what must come, on a machine that is busy. */
const patienceMs = 20_000

/** Our own server, started as users start it: a process of its own, on a free port. */
export class Ferry {
  /** All that it has printed. */
  readonly lines: FerryLine[] = []
  /** Resolves when the process is over. */
  readonly ended: Promise<FerryEnd>
  readonly #child: ChildProcessByStdio<null, Readable, Readable>
  readonly #listeners = new Set<() => void>()

  /** SFTP, whose usual port is one, is on only where a test asks for it. `through` is a program that starts it. */
  constructor(words: readonly string[], through: readonly string[] = []) {
    const [program = '', ...more] = [
      ...through,
      process.execPath,
      command,
      'serve',
      '--sftp',
      'off',
      ...words,
    ]
    const child = spawn(program, more, {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    createInterface({ input: child.stdout }).on('line', (text) => this.#take(text))
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => {
        resolve({ code, signal, stderr })
        for (const listener of this.#listeners) listener()
      })
    })
  }

  get address(): string {
    return this.#listener.address
  }

  get port(): number {
    return this.#listener.port
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  /** Waits for a line, behind `since` of those already there. */
  async until(what: string, wanted: (line: FerryLine) => boolean, since = 0): Promise<FerryLine> {
    const deadline = AbortSignal.timeout(patienceMs)
    for (;;) {
      const found = this.lines.slice(since).find(wanted)
      if (found !== undefined) return found
      if (deadline.aborted) throw new Error(`${what} did not come within ${patienceMs / 1000} s`)
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`the server ended before ${what}: ${JSON.stringify(await this.ended)}`)
      }
      await this.#change(deadline)
    }
  }

  /** What was said on control connections since a line, when it was started with --verbose. */
  transcript(since = 0): string {
    return this.lines
      .slice(since)
      .map((line) =>
        line.event === 'said'
          ? `${line.from === 'client' ? '>' : '<'} ${line.line ?? ''}`
          : JSON.stringify(line),
      )
      .join('\n')
  }

  /** Ends it with SIGTERM, and with SIGKILL if that does not help. */
  async stop(): Promise<FerryEnd> {
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patienceMs)
    const end = await this.ended
    clearTimeout(timer)
    return end
  }

  get #listener() {
    const [listener] = this.lines[0]?.listeners ?? []
    if (listener === undefined) throw new Error('the server is not ready')
    return listener
  }

  #take(text: string): void {
    this.lines.push(parseLine(text))
    for (const listener of this.#listeners) listener()
  }

  #change(deadline: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#listeners.delete(done)
        deadline.removeEventListener('abort', done)
        resolve()
      }
      this.#listeners.add(done)
      deadline.addEventListener('abort', done)
    })
  }
}

/** Starts a server for `u` with the password `p` and waits until it is ready. */
export async function startFerry(folder: string, ...words: readonly string[]): Promise<Ferry> {
  const ferry = new Ferry([folder, '--ftp', '0', '--user', 'u:p', '--json', ...words])
  await ferry.until('the ready line', ({ ready }) => ready === true)
  return ferry
}

function parseLine(text: string): FerryLine {
  try {
    return JSON.parse(text) as FerryLine
  } catch {
    return { event: 'not JSON', line: text }
  }
}
