import { openSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { ReadStream, WriteStream } from 'node:tty'

/** Asks a question at the terminal, and gives the line that was typed; undefined: there is no terminal, or no answer. */
export async function askTerminal(question: string, echo: boolean): Promise<string | undefined> {
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
