import type { Findings } from '../findings.ts'
import type { Verdict } from '../verdict.ts'
import { refusedForCertificate } from './client-certificate.ts'
import { loginRefusals, noGuests, unknownUser, type Refusal } from './login-refusals.ts'
import type { Rule } from './rule.ts'

/** Why the server does not let in. */
export const enteringRules: readonly Rule[] = [loginFails]

function loginFails({ login, features, anonymous }: Findings): Verdict | undefined {
  if (login === undefined || login.outcome === 'works' || login.outcome === 'not-tried') return undefined
  if (refusedForCertificate(login)) return undefined
  const reply = login.reply ?? ''
  const common = {
    weight: 'trouble',
    broken: 'login',
    evidence: [reply === '' ? 'no answer' : reply],
  } as const
  const offersTls = features?.names.some((name) => /^AUTH\b/iu.test(name)) === true
  if (login.outcome === 'silence' || login.outcome === 'cut') {
    return {
      ...common,
      id: 'login-silent',
      sentence:
        login.outcome === 'cut'
          ? 'The server closes the connection when someone logs in.'
          : 'The server does not answer to the login.',
      fixes: [
        {
          side: 'server',
          program: 'you',
          line: 'its log tells why; slow name look-ups and a full disk are usual',
        },
        {
          side: 'router',
          program: 'you',
          line: 'an FTP helper in a firewall may break the session: try another port',
        },
      ],
    }
  }
  const { id, sentence, fixes } = meantBy(reply, offersTls, anonymous === true)
  return { ...common, id, sentence, fixes }
}

function meantBy(reply: string, offersTls: boolean, anonymous: boolean): Omit<Refusal, 'says'> {
  const found = loginRefusals.find(({ says }) => says.test(reply))
  if (found !== undefined) return found
  const [tls] = loginRefusals.filter(({ id }) => id === 'login-needs-tls')
  // Some say it by the code alone: 534 (RFC 4217 §7), 522, or 503 as nothing but AUTH is in its order.
  if (tls !== undefined && offersTls && /^(?:503|522|534)/u.test(reply)) return tls
  return anonymous ? noGuests : unknownUser
}
