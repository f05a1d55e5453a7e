import type { Findings } from '../findings.ts'
import type { Verdict } from '../verdict.ts'

/** From what was found to what it means; undefined or nothing: this is not the matter. */
export type Rule = (found: Findings) => Verdict | readonly Verdict[] | undefined
