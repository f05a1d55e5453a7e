import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Ask } from '../../core/remote.ts'
import type { RemoteLocation } from '../../client/location.ts'
import { cleanText } from '../clean-text.ts'
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
      `${cleanText(trouble)}\nThe ${algorithm} ${what} of ${host}:${port} is ${fingerprint}\nTrust it? (yes, once or no): `,
      true,
    )
    if (answer === 'yes') return 'always'
    return answer === 'once' ? 'once' : 'no'
  },
}

/** Most commands ask nothing, and start without what reads from terminals. */
async function askTerminal(question: string, echo: boolean): Promise<string | undefined> {
  return (await import('./ask-terminal.ts')).askTerminal(question, echo)
}
