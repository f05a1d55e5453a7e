import type { Account, Accounts } from '../core/account.ts'
import { isInNetwork, isNetwork } from '../core/cidr.ts'

/** Whose home the clients of a network see. */
export interface NetworkAccount {
  /** `10.1.0.0/16`, `fd00::/8`, one address, or `any`. */
  readonly network: string
  readonly account: Account
}

/**
 * Accounts for who can show nothing but an address, which is all that TFTP has: the first network that holds it decides.
 * Whoever shows more, or speaks another protocol, is judged by `others`.
 */
export function accountsByNetwork(list: readonly NetworkAccount[], others: Accounts): Accounts {
  for (const { network } of list) {
    if (network !== 'any' && !isNetwork(network)) throw new Error(`"${network}" is not a network`)
  }
  return {
    async verify(attempt) {
      const { protocol, proof, peer } = attempt
      if (protocol !== 'tftp' || proof.kind !== 'none') return others.verify(attempt)
      const found = list.find(({ network }) => network === 'any' || isInNetwork(peer.address, network))
      return found === undefined
        ? { kind: 'refuse', reason: 'there is no account for this address' }
        : { kind: 'accept', account: found.account }
    },
  }
}
