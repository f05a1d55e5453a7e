import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { childSeconds } from '../processes.ts'
import type { Start } from './client.ts'

/** What one run of a program took, its start counted in. */
export interface Cost {
  readonly seconds: number
  readonly cpuSeconds: number
  /** The most memory it was seen with, in MiB; undefined where nobody looked. */
  readonly peakMiB: number | undefined
}

/** A program that did not do what it was asked, and what it said of that. */
export interface Failed {
  readonly failed: string
}

/** Looking costs a little, so that it is not done while time counts. */
const lookEveryMs = 20

/** Runs a program to its end. */
export function runClient({ command, words, environment }: Start, watched: boolean): Promise<Cost | Failed> {
  return new Promise((done, fail) => {
    const before = childSeconds(process.pid)
    const start = performance.now()
    const child = spawn(command, words, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...environment },
    })
    let said = ''
    let peakMiB = 0
    const look = (): void => {
      peakMiB = Math.max(peakMiB, peakOf(child.pid))
    }
    const looking = watched ? setInterval(look, lookEveryMs) : undefined
    child.stderr.on('data', (piece: Buffer) => (said = `${said}${piece.toString()}`.slice(-600)))
    child.once('error', fail)
    child.once('close', (code) => {
      clearInterval(looking)
      const seconds = (performance.now() - start) / 1000
      if (code !== 0) return done({ failed: `${command} ${words.join(' ')}: ${said || code}` })
      done({
        seconds,
        cpuSeconds: childSeconds(process.pid) - before,
        peakMiB: watched ? peakMiB : undefined,
      })
    })
  })
}

/** Between fork and exec a child is still this process, and its figures are ours. */
function peakOf(pid: number | undefined): number {
  try {
    if (readFileSync(`/proc/${pid}/cmdline`).equals(readFileSync('/proc/self/cmdline'))) return 0
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmHWM:\s+(\d+) kB/mu.exec(status)?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}
