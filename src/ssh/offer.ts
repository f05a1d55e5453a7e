import { kexMethods, legacyKexMethods } from './kex/methods.ts'
import { ciphers, legacyCiphers, legacyMacs, macs } from './packet/ciphers.ts'

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

/** What is off for everybody: old ways to exchange keys, to encrypt and to authenticate, and RSA keys that sign by SHA-1. */
export const legacyNames: readonly string[] = [
  ...[...legacyKexMethods, ...legacyCiphers, ...legacyMacs].map(({ name }) => name),
  'ssh-rsa',
]

/** The usual ones, and behind them those that are named: for one old device, never for all. */
export function withLegacy(names: readonly string[]): Algorithms {
  if (names.length === 0) return usualAlgorithms
  const named = (all: readonly { readonly name: string }[]): string[] =>
    all.map(({ name }) => name).filter((name) => names.includes(name))
  return {
    kex: [...usualAlgorithms.kex, ...named(legacyKexMethods)],
    ciphers: [...usualAlgorithms.ciphers, ...named(legacyCiphers)],
    macs: [...usualAlgorithms.macs, ...named(legacyMacs)],
  }
}
