import type { Verdict } from '../verdict.ts'
import { sorted } from '../verdicts/sorted.ts'
import { accountRules } from './account-rules.ts'
import type { ServerFacts } from './facts.ts'
import { hostRules } from './host-rules.ts'
import { reachRules } from './reach-rules.ts'
import { tlsRules } from './tls-rules.ts'

const rules = [...reachRules, ...tlsRules, ...accountRules, ...hostRules]

/** What the facts about a server mean, trouble first. */
export function judgeServer(facts: ServerFacts): readonly Verdict[] {
  return sorted(
    rules.flatMap((rule) => rule(facts) ?? []),
    () => ({
      id: 'healthy',
      weight: 'fine',
      sentence: facts.running
        ? 'The server runs as it is configured, as far as can be seen from here.'
        : 'Nothing stands in the way of a server with this configuration, as far as can be seen from here.',
      evidence: [],
      fixes: [],
      broken: 'none',
    }),
  )
}
