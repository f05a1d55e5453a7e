import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** A password from the terminal, where it is not shown, or the first line of what is piped in. */
export async function askPassword(question: string): Promise<string> {
  const { stdin, stderr } = process
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = stdin.isTTY
  const lines = createInterface({ input: stdin, output: unseen, terminal })
  if (terminal) stderr.write(question)
  try {
    for await (const line of lines) return line
    return ''
  } finally {
    if (terminal) stderr.write('\n')
    lines.close()
  }
}
