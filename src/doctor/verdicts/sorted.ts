import type { Verdict } from '../verdict.ts'

/** Trouble first, then notes; where nothing is the matter, a verdict that says so before them. */
export function sorted(verdicts: readonly Verdict[], fine: () => Verdict): readonly Verdict[] {
  const trouble = verdicts.filter(({ weight }) => weight === 'trouble')
  const notes = verdicts.filter(({ weight }) => weight === 'note')
  return trouble.length > 0 ? [...trouble, ...notes] : [fine(), ...notes]
}
