import { kexMethods, legacyKexMethods } from './kex/methods.ts'
import { ciphers, macs } from './packet/ciphers.ts'

/** The algorithms that one side offers, the best first. */
export interface Algorithms {
  readonly kex: readonly string[]
  readonly ciphers: readonly string[]
  readonly macs: readonly string[]
}

/** All that are safe today. */
export const usualAlgorithms: Algorithms = {
  kex: kexMethods.map(({ name }) => name),
  ciphers: ciphers.map(({ name }) => name),
  macs: macs.map(({ name }) => name),
}

/** The usual ones, and behind them those that are named: for one old device, never for all. */
export function withLegacy(names: readonly string[]): Algorithms {
  if (names.length === 0) return usualAlgorithms
  const kex = legacyKexMethods.map(({ name }) => name).filter((name) => names.includes(name))
  return { ...usualAlgorithms, kex: [...usualAlgorithms.kex, ...kex] }
}
