import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'
import type { InteropClient } from './interop-client.ts'

/** How a program ended and what it printed, stdout and stderr as they came. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly printed: string
  readonly command: string
}

export interface ProgramOptions {
  /** Working folder and HOME. */
  readonly folder: string
  /** What is typed into it. */
  readonly input?: string | Uint8Array
  /** Whether its stdin ends behind the input. */
  readonly inputEnds?: boolean
}

/** No client takes longer than this, or it is killed and its test fails. */
const longestMs = 60_000

/** Whoever prints more than this is not kept whole. */
const longestPrint = 1024 * 1024

/** A program that runs, in a process group of its own: its children die with it. */
export class StartedProgram {
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<Ended>
  readonly #child: ChildProcess

  constructor(program: string, words: readonly string[], options: ProgramOptions) {
    const child = spawn(program, words, {
      cwd: options.folder,
      env: cleanEnvironment(options.folder),
      detached: true,
      stdio: 'pipe',
    })
    this.#child = child
    // A client that gives up early does not read the rest of its input: its exit tells enough.
    child.stdin.on('error', () => undefined)
    child.stdin.write(options.input ?? '')
    if (options.inputEnds !== false) child.stdin.end()
    this.ended = this.#watch(child, describe(program, words, options.input))
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.#child.kill('SIGINT')
  }

  /** Ends it as `kill -9` does. */
  kill(): void {
    const { pid } = this.#child
    if (pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // It ended by itself just now.
    }
  }

  #watch(child: ChildProcess, command: string): Promise<Ended> {
    const pieces: Buffer[] = []
    let kept = 0
    const keep = (piece: Buffer): void => {
      kept += piece.length
      if (kept <= longestPrint) pieces.push(piece)
    }
    child.stdout?.on('data', keep)
    child.stderr?.on('data', keep)
    const timer = setTimeout(() => {
      pieces.push(Buffer.from(`\n(killed: it took more than ${longestMs / 1000} s)\n`))
      this.kill()
    }, longestMs)
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => {
        clearTimeout(timer)
        resolve({ code, signal, printed: Buffer.concat(pieces).toString(), command })
      })
    })
  }
}

/** Runs a program to its end. */
export async function runProgram(
  program: string,
  words: readonly string[],
  options: ProgramOptions,
): Promise<Ended> {
  return new StartedProgram(program, words, options).ended
}

/** What a program says of its version; undefined: it is not there, or not whole. */
export function programVersion(
  program: string,
  { words, input = '' }: InteropClient['tellVersion'],
): string | undefined {
  const path = findProgram(program)
  if (path === undefined) return undefined
  const env = cleanEnvironment(tmpdir())
  const run = spawnSync(path, words, { encoding: 'utf8', timeout: 10_000, env, input })
  if (run.status !== 0) return undefined
  return /\d+\.\d+(?:\.\d+)?|20\d{6}/u.exec(`${run.stdout}${run.stderr}`)?.[0]
}

/** Where a program lies: the system's own before any other of the same name. */
function findProgram(program: string): string | undefined {
  if (isAbsolute(program)) return program
  return searchPath
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find(isProgram)
}

const searchPath = ['/usr/bin', process.env['PATH'] ?? '', '/usr/sbin'].join(delimiter)

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Nothing of the user's: no settings, no proxy, no language but one that knows all letters. */
function cleanEnvironment(home: string): Record<string, string> {
  return { PATH: searchPath, HOME: home, LC_ALL: 'C.UTF-8', TERM: 'dumb', PYTHONDONTWRITEBYTECODE: '1' }
}

function describe(program: string, words: readonly string[], input: string | Uint8Array | undefined): string {
  const quoted = [program, ...words].map((word) =>
    /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`,
  )
  return typeof input !== 'string' ? quoted.join(' ') : `${quoted.join(' ')} <<END\n${input}END`
}
