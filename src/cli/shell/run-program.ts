import { spawn } from 'node:child_process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/**
 * Runs a program of this machine in its shell, with the terminal, and gives its exit status. A Ctrl-C that came before there
 * was a program to hear it is handed on.
 */
export async function runProgram(text: string, folder: string, input?: string | Readable): Promise<number> {
  let early = false
  const hear = (): void => {
    early = true
  }
  process.on('SIGINT', hear)
  const child = spawn(text, {
    shell: true,
    cwd: folder,
    stdio: [input === undefined ? 'inherit' : 'pipe', 'inherit', 'inherit'],
  })
  // What the terminal sent before is told in the next turn of the loop, and this one may not be over.
  setImmediate(() =>
    setImmediate(() => {
      process.off('SIGINT', hear)
      if (early) child.kill('SIGINT')
    }),
  )
  const ended = new Promise<number>((done, fail) => {
    child.once('error', fail)
    child.once('close', (code) => done(code ?? 1))
  })
  if (input === undefined || child.stdin === null) return ended
  const [status] = await Promise.all([ended, feed(input, child.stdin)])
  return status
}

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
