import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { Hook } from '../core/account.ts'
import { systemClock } from '../core/clock.ts'
import type { Answer, Question } from '../policy/hooks.ts'
import { refusal } from './refusal.ts'

/** So much of what it prints is looked at. */
const longestPrint = 64 * 1024

/** How long the end of what it printed is waited for: what it has started may hold its output open. */
const printMs = 200

/** Without a shell, and without the server's environment: a file may be called as it likes. */
export async function askProgram(hook: Hook, question: Question, signal: AbortSignal): Promise<Answer> {
  const env = Object.fromEntries(
    Object.entries(question).map(([key, value]) => [`FERRY_${key.toUpperCase()}`, value]),
  )
  const words = [question.deed, question.account, question.path]
  const child = spawn(hook.ask, words, {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    signal,
    killSignal: 'SIGKILL',
  })
  const printed = printsOf(child.stdout)
  try {
    const status = await statusOf(child)
    if (status === 0) return { allowed: true }
    if (status !== 1) throw new Error(`it ended with ${status}`)
    if (!child.stdout.readableEnded) await Promise.race([once(child, 'close'), pause(printMs)])
    return refusal(printed())
  } finally {
    child.stdout.destroy()
  }
}

/** Its status, or the signal that ended it. */
function statusOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'nothing'))
  })
}

/** What has come so far; what is too much is read and dropped, as it would wait for a reader for ever. */
function printsOf(out: Readable): () => string {
  let text = ''
  out.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length < longestPrint) text += chunk
  })
  return () => text
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => systemClock.after(ms, resolve))
}
