import type { Fix, Side, Verdict } from '../verdict.ts'
import type { ServerFacts } from './facts.ts'

/** From what was found about a server to what it means; undefined: this is not the matter. */
export type ServerRule = (facts: ServerFacts) => Verdict | undefined

/** A verdict about a server; each line to change is whose, of which program, and the line. */
export function says(
  id: string,
  weight: Verdict['weight'],
  sentence: string,
  evidence: readonly string[],
  fixes: readonly (readonly [Side, string, string])[],
): Verdict {
  const lines: readonly Fix[] = fixes.map(([side, program, line]) => ({ side, program, line }))
  return { id, weight, sentence, evidence, fixes: lines, broken: weight === 'trouble' ? 'control' : 'none' }
}
