import { describe, test } from 'node:test'
import { setTimeout as later } from 'node:timers/promises'
import { asError } from '../core/error.ts'

/** What declares tests: `describe` and `test` of Vitest, of Jest, or of Mocha, whose `test` is its `it`. */
export interface Runner {
  describe(title: string, body: () => void): unknown
  test(title: string, body: () => Promise<void>): unknown
}

/** How the cases of a suite are run. */
export interface SuiteOptions {
  /** Whose tests the cases are to be; those of `node:test` when left out. */
  readonly runner?: Runner
  /** How long a case may take before it has failed; a minute when left out. */
  readonly patienceMs?: number
}

/** What a suite is run by where nothing else is said. */
export const nodeRunner: Runner = {
  describe: (title, body) => describe(title, body),
  test: (title, body) => test(title, body),
}

/** Leaves a case out, and says why. */
export class Skipped extends Error {}

/**
 * Declares one case. It ends when it is done, fails, throws `Skipped`, or has waited too long: `tell` adds to a failure what there
 * is to know about it.
 */
export function declare(
  { runner = nodeRunner, patienceMs = 60_000 }: SuiteOptions,
  title: string,
  run: () => Promise<void>,
  tell: () => string = nothing,
): void {
  // No parameter may stand here: Jest takes one for its `done`.
  runner.test(title, async function (this: unknown, ...given: unknown[]): Promise<void> {
    try {
      await inTime(run(), patienceMs)
    } catch (thrown) {
      if (thrown instanceof Skipped) return skip(given[0] ?? this, thrown.message)
      throw told(asError(thrown), tell())
    }
  })
}

const nothing = () => ''

/** The timer holds the process: where nothing else happens, it would end without a word about this case. */
async function inTime(running: Promise<void>, patienceMs: number): Promise<void> {
  const done = new AbortController()
  const late = later(patienceMs, undefined, { signal: done.signal }).then(
    () => Promise.reject(new Error(`did not end within ${patienceMs} ms`)),
    () => undefined,
  )
  try {
    await Promise.race([running, late])
  } finally {
    done.abort()
  }
}

/** The context that `node:test` and Vitest give, or Mocha's `this`. Jest has none of it: there the case has simply ended. */
function skip(context: unknown, reason: string): void {
  if (typeof context !== 'object' || context === null || !('skip' in context)) return
  if (typeof context.skip === 'function') context.skip(reason)
}

/** The same error, so that a runner shows what was expected and where; its stack bears the message too. */
function told(error: Error, more: string): Error {
  if (more === '') return error
  const { message, stack } = error
  error.message = `${message}\n\n${more}`
  if (stack !== undefined) error.stack = stack.replace(message, () => error.message)
  return error
}
