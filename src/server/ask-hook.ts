import type { Hook } from '../core/account.ts'
import type { Answer, AskHook, Question } from '../policy/hooks.ts'
import { askProgram } from './ask-program.ts'
import { refusal } from './refusal.ts'
import { Turns } from './turns.ts'

/**
 * Asks URLs by POST with JSON (2xx allows, 4xx refuses) and programs by their status (0 allows, 1 refuses). So many are asked at
 * once, as more would be a way to fill the machine with programs; others wait for their turn, in the time that an answer may take.
 */
export function askHooks(mostAsked = 64): AskHook {
  const turns = new Turns(mostAsked)
  return async (hook, question) => {
    const signal = AbortSignal.timeout(hook.timeoutMs)
    await turns.take(signal)
    try {
      return await (hook.ask.startsWith('/') ? askProgram : askUrl)(hook, question, signal)
    } catch (thrown) {
      throw signal.aborted ? new Error(`no answer in ${hook.timeoutMs} ms`, { cause: thrown }) : thrown
    } finally {
      turns.give()
    }
  }
}

async function askUrl({ ask }: Hook, question: Question, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(ask, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
    signal,
    redirect: 'error',
  })
  const { ok, status, body } = response
  const refuses = !ok && status < 500
  const text = refuses ? await firstOf(response) : ''
  body?.cancel().catch(() => undefined) // It broke off: the status has said all.
  if (ok) return { allowed: true }
  if (refuses) return refusal(text)
  throw new Error(`it answered ${status}`)
}

/** Reads no more of an answer than is used; of one that breaks off the status holds all the same. */
async function firstOf({ body }: Response): Promise<string> {
  const reader = body?.getReader()
  try {
    const { value } = (await reader?.read()) ?? {}
    return new TextDecoder().decode(value)
  } catch {
    return '' // Its status has come.
  } finally {
    reader?.releaseLock()
  }
}
