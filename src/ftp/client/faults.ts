import { FileError, LoginError, type Facts, type Fault } from '../../core/error.ts'
import type { Reply } from '../wire/reply.ts'

/** A reply as a person reads it. */
export function textOf({ code, lines }: Reply): string {
  return `${code} ${lines.join(' ')}`.trim()
}

/** What an error tells of the reply that it is about. */
export function saidBy(reply: Reply): { readonly code: number; readonly reply: string } {
  return { code: reply.code, reply: textOf(reply) }
}

/**
 * What a refusal means for a file. The code alone rarely tells: 550 is "not found" as much as "not allowed", so the usual words
 * of servers are looked at; what nobody recognises is `failed`.
 */
export function fileError(reply: Reply, doing: string, facts: Facts = {}): FileError {
  const fault = faultOf(reply)
  return new FileError(fault, `${doing}: ${words[fault]}`, {
    facts: {
      ...saidBy(reply),
      phase: 'command',
      retryable: reply.code < 500 && reply.code !== 452,
      connectionUsable: reply.code !== 421,
      ...facts,
    },
  })
}

/** The server does not let in. The same again goes no better, unless it was full: to say so often may get one banned. */
export function loginError(reply: Reply, message: string, hint?: string, retryable = false): LoginError {
  return new LoginError(message, {
    facts: {
      ...saidBy(reply),
      phase: 'login',
      retryable,
      connectionUsable: false,
      ...(hint === undefined ? {} : { hint }),
    },
  })
}

/** The fault in a refusal. */
export function faultOf({ code, lines }: Reply): Fault {
  const text = lines.join(' ')
  for (const [pattern, fault] of usual) if (pattern.test(text)) return fault
  return codes[code] ?? 'failed'
}

/** The words of servers, the surest first. */
const usual: readonly (readonly [RegExp, Fault])[] = [
  [/not[- ]empty|non-empty/iu, 'not-empty'],
  [
    /no such|not found|no files|does not exist|doesn't exist|cannot find|can't find|not exist|nothing of that name/iu,
    'not-found',
  ],
  [/already exist|file exists|exists already|there is .* of that name|is there already|is taken/iu, 'exists'],
  [/quota|allotted/iu, 'quota'],
  [/no space|disk (?:is )?full|no room|insufficient storage/iu, 'full'],
  [/not a directory|no directory|isn't a directory/iu, 'not-directory'],
  [/(?:is|a) (?:a )?directory\b(?!.*(?:not|no))|not a (?:plain|regular) file/iu, 'is-directory'],
  [/denied|permission|not allowed|not permitted|read-only|forbidden|may not/iu, 'denied'],
]

const codes: Readonly<Record<number, Fault>> = {
  450: 'busy',
  452: 'full',
  500: 'unsupported',
  501: 'invalid',
  502: 'unsupported',
  504: 'unsupported',
  532: 'denied',
  552: 'quota',
  553: 'invalid',
}

const words: Readonly<Record<Fault, string>> = {
  'not-found': 'there is nothing of that name',
  exists: 'there is something of that name already',
  denied: 'it is not allowed',
  quota: 'the quota is used up',
  full: 'the disk over there is full',
  busy: 'it is in use',
  'is-directory': 'it is a directory',
  'not-directory': 'it is not a directory',
  'not-empty': 'the directory is not empty',
  invalid: 'the server does not take the name',
  unsupported: 'the server cannot do that',
  aborted: 'it was stopped',
  failed: 'the server refuses',
}
