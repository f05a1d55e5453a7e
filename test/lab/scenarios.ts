import { oddScenarios } from './odd-scenarios.ts'
import type { Scenario } from './scenario.ts'
import { wallScenarios } from './wall-scenarios.ts'

/** The scenarios; each row of docs/active-and-passive.md names one. */
export const scenarios: readonly Scenario[] = [...wallScenarios, ...oddScenarios]
