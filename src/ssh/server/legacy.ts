import { isInNetwork } from '../../core/cidr.ts'
import { firstInCommon, type Agreed, type Offers } from '../kex/negotiate.ts'
import { legacyNames } from '../offer.ts'
import { ciphers } from '../packet/ciphers.ts'

/** Old algorithms, for those who come from a network, and of them for one user if one is named. */
export interface LegacyRule {
  readonly network: string
  readonly user?: string
  /** SSH's names: `ssh-rsa`, `diffie-hellman-group14-sha1`, `aes128-cbc`, `hmac-sha1`, … */
  readonly names: readonly string[]
}

/** The old algorithms that are on for an address, whoever it turns out to be. */
export function legacyFor(rules: readonly LegacyRule[], address: string): readonly string[] {
  return rules.filter(({ network }) => isInNetwork(address, network)).flatMap(({ names }) => names)
}

/** Those that are on for a user who comes from there. */
export function legacyOf(rules: readonly LegacyRule[], address: string, user: string): readonly string[] {
  return legacyFor(
    rules.filter((rule) => rule.user === undefined || rule.user === user),
    address,
  )
}

/** The old algorithms among those that were agreed on. */
export function oldIn(agreed: Agreed): readonly string[] {
  const { kex, hostKey, cipherToServer, cipherToClient, macToServer, macToClient } = agreed
  const names = [kex, cipherToServer, cipherToClient, macToServer, macToClient].map(({ name }) => name)
  return [...names, hostKey].filter((name) => legacyNames.includes(name))
}

/** The old algorithms, one for each list without a name in common, that would let this client in; none: no rule would. */
export function legacyFitting(offers: Offers): readonly string[] {
  const needed = new Set<string>()
  for (const list of negotiated) {
    if (firstInCommon(offers, list) !== undefined) continue
    const cipher = firstInCommon(offers, list.endsWith('ToServer') ? 'ciphersToServer' : 'ciphersToClient')
    if (
      list.startsWith('macs') &&
      ciphers.some(({ name, authenticates }) => name === cipher && authenticates)
    )
      continue
    // The best comes first; ssh-rsa is how an RSA key signs.
    const found = legacyNames.find(
      (name) =>
        offers.client[list].includes(name) &&
        (name !== 'ssh-rsa' || offers.server.hostKeys.includes('rsa-sha2-256')),
    )
    if (found === undefined) return []
    needed.add(found)
  }
  return [...needed]
}

const negotiated = [
  'kex',
  'hostKeys',
  'ciphersToServer',
  'ciphersToClient',
  'macsToServer',
  'macsToClient',
] as const
