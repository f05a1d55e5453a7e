import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openSync } from 'node:fs'
import { ReadStream, WriteStream } from 'node:tty'
import type { Ask } from '../core/remote.ts'
import type { RemoteLocation } from '../client/location.ts'
import { printable } from './exit-status.ts'
import { findInNetrc, type NetrcLogin } from './netrc.ts'

/** What the user's own files know of a place: who logs in there, and how. */
export async function netrcLogin({ host, user }: RemoteLocation): Promise<NetrcLogin | undefined> {
  try {
    const text = await readFile(process.env['NETRC'] ?? join(homedir(), '.netrc'), 'utf8')
    return findInNetrc(text, host, user)
  } catch {
    // No file, or none that may be read: nothing is known.
    return undefined
  }
}

/** Asks the person at the terminal, whatever stdin and stdout lead to. Without a terminal nobody answers. */
export const terminalAsk: Ask = {
  async secret({ prompt, host, user, attempt, kind }) {
    const again = attempt > 1 ? 'That was not right. ' : ''
    const what = kind === 'password' ? `Password of ${user === '' ? '' : `${user} at `}${host}` : prompt
    return askTerminal(`${again}${what}: `, kind === 'answer')
  },
  async trust({ kind, host, port, algorithm, fingerprint, trouble }) {
    const what = kind === 'host-key' ? 'key' : 'certificate'
    const answer = await askTerminal(
      `${printable(trouble)}\nThe ${algorithm} ${what} of ${host}:${port} is ${fingerprint}\nTrust it? (yes, once or no): `,
      true,
    )
    if (answer === 'yes') return 'always'
    return answer === 'once' ? 'once' : 'no'
  },
}

async function askTerminal(question: string, echo: boolean): Promise<string | undefined> {
  const terminal = openTerminal()
  if (terminal === undefined) return undefined
  const { input, output } = terminal
  try {
    output.write(question)
    return echo ? await readLine(input, output) : await readSecret(input, output)
  } finally {
    input.destroy()
    output.destroy()
  }
}

function openTerminal(): { input: ReadStream; output: WriteStream } | undefined {
  try {
    if (process.platform === 'win32') return undefined
    return {
      input: new ReadStream(openSync('/dev/tty', 'r')),
      output: new WriteStream(openSync('/dev/tty', 'w')),
    }
  } catch {
    return undefined
  }
}

function readLine(input: ReadStream, output: WriteStream): Promise<string | undefined> {
  return new Promise((resolve) => {
    const lines = createInterface({ input, output, terminal: true })
    lines.once('line', (line) => {
      resolve(line.trim())
      lines.close()
    })
    lines.once('close', () => resolve(undefined))
  })
}

/** Reads a line that does not appear: the terminal echoes nothing in raw mode. */
function readSecret(input: ReadStream, output: WriteStream): Promise<string | undefined> {
  return new Promise((resolve) => {
    let typed = ''
    const finish = (secret: string | undefined): void => {
      input.setRawMode(false)
      input.off('data', take)
      output.write('\n')
      resolve(secret)
    }
    const take = (piece: Buffer | string): void => {
      for (const character of piece.toString()) {
        if (character === '\r' || character === '\n') return finish(typed)
        if (character === '\u0003') {
          finish(undefined)
          process.kill(process.pid, 'SIGINT')
          return
        }
        if (character === '\u0004') return finish(undefined)
        if (character === '\u0015') typed = ''
        else if (character === '\u007f' || character === '\b') typed = typed.slice(0, -1)
        else typed += character
      }
    }
    input.setRawMode(true)
    input.on('data', take)
  })
}
