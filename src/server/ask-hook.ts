import { execFile } from 'node:child_process'
import type { Hook } from '../core/account.ts'
import type { Answer, AskHook, Question } from '../policy/hooks.ts'

/** So many are asked at once; more would be a way to fill the machine with programs. */
const mostAsked = 64

/** What of an answer is passed on to the client. */
const longestAnswer = 200

/** Asks URLs by POST with JSON (2xx allows, 4xx refuses) and programs by their status (0 allows, 1 refuses). */
export function askHooks(): AskHook {
  let asked = 0
  return async (hook, question) => {
    if (asked >= mostAsked) throw new Error(`${mostAsked} hooks are being asked already`)
    asked += 1
    try {
      return hook.ask.startsWith('/') ? await askProgram(hook, question) : await askUrl(hook, question)
    } finally {
      asked -= 1
    }
  }
}

async function askUrl(hook: Hook, question: Question): Promise<Answer> {
  const response = await fetch(hook.ask, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
    signal: AbortSignal.timeout(hook.timeoutMs),
    redirect: 'error',
  })
  const text = await firstLine(response)
  if (response.ok) return { allowed: true }
  if (response.status < 500) return { allowed: false, text: text === '' ? 'this is not allowed' : text }
  throw new Error(`it answered ${response.status}`)
}

/** Reads no more of an answer than is used. */
async function firstLine(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  const { value } = (await reader?.read()) ?? {}
  await reader?.cancel()
  return tidy(new TextDecoder().decode(value))
}

/** Without a shell, and without the server's environment: a file may be called as it likes. */
function askProgram({ ask, timeoutMs }: Hook, question: Question): Promise<Answer> {
  const env = Object.fromEntries(
    Object.entries(question).map(([key, value]) => [`FERRY_${key.toUpperCase()}`, value]),
  )
  const words = [question.deed, question.account, question.path]
  const how = { env, timeout: timeoutMs, maxBuffer: 64 * 1024, killSignal: 'SIGKILL' } as const
  return new Promise((resolve, reject) => {
    const child = execFile(ask, words, how, (error, output) => {
      if (error === null) resolve({ allowed: true })
      else if (error.code === 1) resolve({ allowed: false, text: tidy(output) || 'this is not allowed' })
      else
        reject(
          new Error(
            error.killed === true ? `no answer in ${timeoutMs} ms` : `it ended with ${String(error.code)}`,
          ),
        )
    })
    child.stdin?.end()
  })
}

/** One line that cannot speak to a terminal or break a reply. */
function tidy(text: string): string {
  const [line = ''] = text.trim().split('\n')
  // eslint-disable-next-line no-control-regex
  return line.replaceAll(/[\u0000-\u001f\u007f-\u009f]/gu, '').slice(0, longestAnswer)
}
