import * as fc from 'fast-check'

const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 0x7fffffff))

/**
 * Tries a property a hundred times however slow the machine is, and again as long as there is time. A failure prints its seed;
 * FUZZ_SEED runs it again, FUZZ_SECONDS goes on for longer than the moment that each gets in `npm test`.
 */
export function forAWhile<Values>(property: fc.IProperty<Values>, usualSeconds: number): void {
  const until = performance.now() + Number(process.env['FUZZ_SECONDS'] ?? usualSeconds) * 1000
  let round = 0
  do {
    fc.assert(property, { seed: seed + round, numRuns: 100 })
    round += 1
  } while (performance.now() < until)
}
