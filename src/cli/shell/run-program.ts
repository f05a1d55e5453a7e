import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { systemClock } from '../../core/clock.ts'

/**
 * Runs a program of this machine in its shell, with the terminal, and gives its exit status. A Ctrl-C that comes as it starts
 * is said once more a moment later: the terminal tells those who are there in that moment, and dash forgets what it hears
 * before it waits for its program.
 */
export async function runProgram(text: string, folder: string, input?: string | Readable): Promise<number> {
  const child = spawn(text, {
    shell: true,
    cwd: folder,
    stdio: [input === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit'],
  })
  let later = systemClock.after(startingMs, () => process.off('SIGINT', hear))
  process.on('SIGINT', hear)
  child.once('close', () => {
    later.cancel()
    process.off('SIGINT', hear)
  })

  function hear(): void {
    process.off('SIGINT', hear)
    later.cancel()
    // To all of its group, like the terminal.
    const whom = process.platform === 'win32' ? (child.pid ?? 0) : 0
    later = systemClock.after(againMs, () => process.kill(whom, 'SIGINT'))
  }

  const ended = new Promise<number>((done, fail) => {
    child.once('error', fail)
    child.once('close', (code) => done(code ?? 1))
  })
  if (input === undefined || child.stdin === null) return ended
  const [status] = await Promise.all([ended, feed(input, child.stdin)])
  return status
}

/** As long a program may take to start on a busy machine. */
const startingMs = 500

/** Whoever has heard the first Ctrl-C has ended by then. */
const againMs = 100

/** A pager that is left early takes no more; trouble of the source is told. */
async function feed(input: string | Readable, into: NodeJS.WritableStream): Promise<void> {
  const source = typeof input === 'string' ? Readable.from([input]) : input
  let trouble: Error | undefined
  source.once('error', (error) => (trouble = error))
  try {
    await pipeline(source, into)
  } catch (thrown) {
    const left = thrown instanceof Error && 'code' in thrown && leaving.has(String(thrown.code))
    if (!left) throw trouble ?? thrown
  }
}

const leaving: ReadonlySet<string> = new Set(['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'])
