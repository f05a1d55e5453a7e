import type { Ask, TrustWanted } from '../../core/remote.ts'

/**
 * Asks a person, and gives the same answer to the same question of a later attempt to connect. Codes are asked for each time, as
 * each is good once; so is a secret that was wrong.
 */
export function askedOnce(ask: Ask): Ask {
  const secrets = new Map<string, string>()
  const trusted = new Set<string>()
  return {
    async secret(wanted) {
      const { kind, host, user, prompt, attempt } = wanted
      if (kind === 'code' || kind === 'answer') return ask.secret(wanted)
      const question = JSON.stringify([kind, host, user, prompt])
      const known = attempt === 1 ? secrets.get(question) : undefined
      const secret = known ?? (await ask.secret(wanted))
      if (secret !== undefined) secrets.set(question, secret)
      return secret
    },
    async trust(wanted) {
      const question = questionOf(wanted)
      if (trusted.has(question)) return 'once'
      const answer = await ask.trust(wanted)
      if (answer !== 'no') trusted.add(question)
      return answer
    },
  }
}

function questionOf({ kind, host, port, fingerprint }: TrustWanted): string {
  return JSON.stringify([kind, host, port, fingerprint])
}
