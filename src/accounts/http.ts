import type { Account, Accounts, Attempt, Proof, Verdict } from '../core/account.ts'
import { systemClock, type Clock } from '../core/clock.ts'
import { list, record, text, choice, flag, type Problem } from '../config/shape.ts'
import { longestCredential, type ProofKind } from './judge.ts'
import { accountSettings, type AccountSettings } from './settings.ts'
import { accountOf, refusalNow } from './terms.ts'

/** Whom to ask about users, and what they get. */
export interface HttpAccountsOptions {
  /** Who is asked, by POST with JSON. */
  readonly url: string
  /** Sent as `authorization: Bearer`, so that the other side knows who asks. */
  readonly secret?: string
  /** How long an answer may take, 5 s if not said. */
  readonly timeoutMs?: number
  readonly clock?: Clock
  readonly home: (name: string, settings: AccountSettings) => Promise<Account['home']>
}

/** What comes back with 200. */
interface Answer {
  readonly allow?: boolean
  readonly continue?: readonly ProofKind[]
  readonly name?: string
  readonly settings?: AccountSettings
}

const answerShape = record<Answer>('An answer', {
  allow: flag('Whether the login is let in'),
  continue: list('What is wanted in addition', choice('A proof', ['password', 'key', 'certificate', 'code'])),
  name: text('The name of the account, that of the login if not said'),
  settings: accountSettings,
})

/** No answer is longer. */
const longestAnswer = 256 * 1024

/** So many are asked at once; more are told to come later. */
const mostAsked = 200

/**
 * Accounts of somebody else's, who is asked at each login: 200 with `{"allow":true,"settings":{…}}` or
 * `{"continue":["code"]}`, 401 or 403 for a refusal. Anything else is no answer, and lets in nobody.
 */
export function httpAccounts(options: HttpAccountsOptions): Accounts {
  let asked = 0
  return {
    async verify(attempt) {
      if (!isPlausible(attempt)) return refuse('an empty or endless name or password')
      if (asked >= mostAsked) throw new Error('too many logins are being asked about')
      asked += 1
      try {
        return await ask(options, attempt)
      } finally {
        asked -= 1
      }
    },
  }
}

function isPlausible({ user, proof }: Attempt): boolean {
  if (user === '' || user.length > longestCredential || !user.isWellFormed()) return false
  return proof.kind !== 'password' || (proof.password !== '' && proof.password.length <= longestCredential)
}

async function ask(options: HttpAccountsOptions, attempt: Attempt): Promise<Verdict> {
  const { url, secret, timeoutMs = 5000, clock = systemClock, home } = options
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
    },
    body: JSON.stringify(questionOf(attempt)),
    signal: AbortSignal.timeout(timeoutMs),
    redirect: 'error',
  })
  if (response.status === 401 || response.status === 403) {
    await response.body?.cancel()
    return refuse('the accounts behind the URL refuse it')
  }
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`)
  const { allow, continue: wanted, name = attempt.user, settings = {} } = await read(response)
  if (wanted !== undefined && wanted.length > 0) return { kind: 'continue', wanted }
  if (allow !== true) return refuse('the accounts behind the URL refuse it')
  const refusal = refusalNow(settings, attempt, clock.now())
  if (refusal !== undefined) return { kind: 'refuse', ...refusal }
  return { kind: 'accept', account: accountOf(name, settings, await home(name, settings)) }
}

function questionOf({ protocol, peer, secure, user, proof, host, earlier = [] }: Attempt) {
  // A key that was only asked about proves nothing.
  const shown = earlier.filter((one) => one.kind !== 'key' || one.signed).map(({ kind }) => kind)
  return { protocol, ...peer, secure, user, host, proof: written(proof), earlier: shown }
}

function written(proof: Proof) {
  return proof.kind === 'key' ? { ...proof, key: Buffer.from(proof.key).toString('base64') } : proof
}

async function read(response: Response): Promise<Answer> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > longestAnswer) throw new Error('the answer about a login is too long')
  }
  const problems: Problem[] = []
  const answer = answerShape.read(JSON.parse(text), [], problems)
  if (answer !== undefined) return answer
  throw new Error(
    `the answer about a login is wrong: ${problems.map(({ path, text: what }) => `${path.join('.')} ${what}`).join('; ')}`,
  )
}

function refuse(reason: string): Verdict {
  return { kind: 'refuse', reason, rule: 'credentials' }
}
